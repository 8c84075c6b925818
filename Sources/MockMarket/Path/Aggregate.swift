/// What happened to a price between two moments, in ticks, and how much was traded.
struct Aggregate: Hashable, Sendable {
    var open: Int64
    var high: Int64
    var low: Int64
    var close: Int64
    var volume: Int64

    init(open: Int64, high: Int64, low: Int64, close: Int64, volume: Int64) {
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
    }

    /// Adds what came next.
    mutating func append(_ next: Aggregate) {
        high = max(high, next.high)
        low = min(low, next.low)
        close = next.close
        volume += next.volume
    }
}

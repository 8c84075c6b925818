import MarketData

/// The newest quotes of what a client of `/ws` follows, of which each is told once.
struct OriginalTicks {
    /// The names by which the client knows an instrument.
    private let names: [Symbol: String]
    private var waiting: [Symbol: Quote] = [:]

    init(names: [Symbol: String]) { self.names = names }

    /// Takes a newer quote; one without a last price is no tick.
    mutating func received(_ quote: Quote) {
        if quote.last != nil { waiting[quote.symbol] = quote }
    }

    /// The ticks to be sent now, each under the client's own name for the instrument, in the order of symbols.
    mutating func take() -> [(name: String, quote: Quote)] {
        defer { waiting = [:] }
        return waiting.sorted { $0.key < $1.key }.map { (names[$0.key] ?? $0.key.description, $0.value) }
    }
}

public import MarketData

/// Values that may be reused for a while. Bounded: expired values go first, and a full cache takes nothing new.
public struct ExpiringCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var kept: [Key: (value: Value, until: Timestamp)] = [:]
    private let capacity: Int

    /// A cache of a limited number of values.
    public init(capacity: Int) { self.capacity = capacity }

    /// The value of a key, while its time is not over.
    public func value(_ key: Key, at now: Timestamp) -> Value? {
        kept[key].flatMap { now < $0.until ? $0.value : nil }
    }

    /// Keeps a value until a moment.
    public mutating func keep(_ value: Value, for key: Key, until end: Timestamp, at now: Timestamp) {
        if kept.count >= capacity { kept = kept.filter { now < $0.value.until } }
        guard end > now, kept[key] != nil || kept.count < capacity else { return }
        kept[key] = (value, end)
    }

    /// Keeps a value for as long as a duration says.
    public mutating func keep(_ value: Value, for key: Key, lasting lifetime: Duration, at now: Timestamp) {
        keep(value, for: key, until: Timestamp(milliseconds: now.milliseconds + lifetime.wholeMilliseconds), at: now)
    }
}

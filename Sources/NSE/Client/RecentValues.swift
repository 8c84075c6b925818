/// Values by key, of which the one used longest ago makes room for a new one.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var kept: [Key: (value: Value, used: Int)] = [:]
    private var uses = 0
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    mutating func value(_ key: Key) -> Value? {
        guard let entry = kept[key] else { return nil }
        uses += 1
        kept[key] = (entry.value, uses)
        return entry.value
    }

    mutating func keep(_ value: Value, for key: Key) {
        if kept[key] == nil, kept.count >= capacity, let oldest = kept.min(by: { $0.value.used < $1.value.used }) {
            kept[oldest.key] = nil
        }
        uses += 1
        kept[key] = (value, uses)
    }
}

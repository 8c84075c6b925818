/// A bounded queue in which a newer item takes the place of an older one with the same key.
///
/// So a slow reader sees the newest of each key, in the order in which the keys first waited, and the queue is never
/// longer than the number of keys. Items without a key are never replaced.
struct ConflatingQueue<Item> {
    /// What became of an item that was put in.
    enum Admission: Equatable {
        case queued, replacedOlder, full
    }

    private let capacity: Int
    private var items: [Item?] = []
    private var head = 0
    private var places: [ConflationKey: Int] = [:]
    private var keys: [ConflationKey?] = []

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { items.count - head }

    mutating func append(_ item: Item, key: ConflationKey?) -> Admission {
        if let key, let place = places[key] {
            items[place] = item
            return .replacedOlder
        }
        guard count < capacity else { return .full }
        if let key { places[key] = items.count }
        items.append(item)
        keys.append(key)
        return .queued
    }

    mutating func popFirst() -> Item? {
        guard head < items.count else { return nil }
        defer {
            if let key = keys[head] { places[key] = nil }
            items[head] = nil
            head += 1
            if head == items.count { removeAll() }
            if head >= 1024, head * 2 >= items.count { compact() }
        }
        return items[head]
    }

    private mutating func compact() {
        items.removeFirst(head)
        keys.removeFirst(head)
        for (key, place) in places { places[key] = place - head }
        head = 0
    }

    private mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        head = 0
    }
}

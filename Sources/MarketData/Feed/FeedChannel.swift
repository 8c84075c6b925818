import Synchronization

/// The queue between a feed's source and its reader.
final class FeedChannel<Element: Sendable>: Sendable {
    private struct State {
        var queue: ConflatingQueue<Element>
        var reader: CheckedContinuation<Element?, any Error>?
        var end: Result<Void, any Error>?
        var isAbandoned = false
        var onAbandoned: (@Sendable () -> Void)?
        var conflated = 0
    }

    private let state: Mutex<State>
    private let key: @Sendable (Element) -> ConflationKey?

    init(capacity: Int, key: @escaping @Sendable (Element) -> ConflationKey?) {
        state = Mutex(State(queue: ConflatingQueue(capacity: capacity)))
        self.key = key
    }

    var conflated: Int { state.withLock { $0.conflated } }

    func send(_ element: Element) {
        let key = key(element)
        let reader = state.withLock { state -> CheckedContinuation<Element?, any Error>? in
            guard state.end == nil, !state.isAbandoned else { return nil }
            if let reader = state.reader.take() { return reader }
            switch state.queue.append(element, key: key) {
            case .queued: break
            case .replacedOlder: state.conflated += 1
            case .full:
                state.end = .failure(
                    MarketDataError(
                        .overloaded, "the reader of a live feed fell too far behind", recovery: .resubscribe)
                )
            }
            return nil
        }
        reader?.resume(returning: element)
    }

    func finish(throwing error: (any Error)?) {
        let reader = state.withLock { state -> CheckedContinuation<Element?, any Error>? in
            guard state.end == nil else { return nil }
            state.end = error.map { .failure($0) } ?? .success(())
            return state.reader.take()
        }
        if let error { reader?.resume(throwing: error) } else { reader?.resume(returning: nil) }
    }

    func onAbandoned(_ action: @escaping @Sendable () -> Void) {
        let already = state.withLock { state in
            if !state.isAbandoned { state.onAbandoned = action }
            return state.isAbandoned
        }
        if already { action() }
    }

    func abandon() {
        let (reader, action) = state.withLock { state in
            state.isAbandoned = true
            return (state.reader.take(), state.onAbandoned.take())
        }
        reader?.resume(returning: nil)
        action?()
    }

    func next() async throws -> Element? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready = state.withLock { state -> Result<Element?, any Error>? in
                    if let element = state.queue.popFirst() { return .success(element) }
                    if let end = state.end { return end.map { nil } }
                    if state.isAbandoned || Task.isCancelled { return .success(nil) }
                    precondition(state.reader == nil, "a feed has one reader")
                    state.reader = continuation
                    return nil
                }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            let reader = state.withLock { $0.reader.take() }
            reader?.resume(returning: nil)
        }
    }
}

/// A bounded queue in which a newer item takes the place of an older one with the same key.
///
/// So a slow reader sees the newest of each key, in the order in which the keys first waited, and the queue is never
/// longer than the number of keys. Items without a key are never replaced.
struct ConflatingQueue<Item> {
    /// The outcome of adding an item.
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

/// What a newer element of a feed has in common with the older one that it replaces.
public enum ConflationKey: Hashable, Sendable {
    case symbol(Symbol)
    case time(Timestamp)
}

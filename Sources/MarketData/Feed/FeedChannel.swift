import Synchronization

/// The queue between a feed's source and its reader.
final class FeedChannel<Element: Sendable>: Sendable {
    /// A reader that is called for each element.
    private struct Receiver {
        let receive: @Sendable (Element) -> Void
        let ended: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var queue: ConflatingQueue<Element>
        /// A reader that waits for the next element.
        var reader: CheckedContinuation<Element?, any Error>?
        var receiver: Receiver?
        /// Whether a thread is calling the receiver. It goes on with what is queued meanwhile, so that the order is kept.
        var isDelivering = false
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

    // Called for each quote, from other modules: without this the compiler makes one generic version of it.
    @specialized(where Element == QuoteEvent)
    func send(_ element: Element) {
        let key = key(element)
        let next = state.withLock { state -> Step? in
            guard state.end == nil, !state.isAbandoned else { return nil }
            if let reader = state.reader.take() { return .resume(reader) }
            if let receiver = state.receiver, !state.isDelivering {
                state.isDelivering = true
                return .call(receiver.receive, element)
            }
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
        switch next {
        case .resume(let reader): reader.resume(returning: element)
        case .call(let receive, let element): deliver(element, to: receive)
        case .end, nil: break
        }
    }

    /// What follows, outside of the lock.
    private enum Step {
        case resume(CheckedContinuation<Element?, any Error>)
        case call(@Sendable (Element) -> Void, Element)
        case end(CheckedContinuation<Void, any Error>, Result<Void, any Error>)
    }

    /// Calls the receiver with an element and with all that are queued meanwhile.
    @specialized(where Element == QuoteEvent)
    private func deliver(_ first: Element?, to receive: @Sendable (Element) -> Void) {
        if let first { receive(first) }
        while true {
            let next = state.withLock { state -> Step? in
                guard let receiver = state.receiver else {
                    state.isDelivering = false
                    return nil
                }
                if let element = state.queue.popFirst() { return .call(receiver.receive, element) }
                state.isDelivering = false
                guard let end = state.end else { return nil }
                state.receiver = nil
                return .end(receiver.ended, end)
            }
            switch next {
            case .call(let receive, let element): receive(element)
            case .end(let ended, let result): return ended.resume(with: result)
            case .resume, nil: return
            }
        }
    }

    func finish(throwing error: (any Error)?) {
        let end: Result<Void, any Error> = error.map { .failure($0) } ?? .success(())
        let (reader, receiver) = state.withLock { state -> (CheckedContinuation<Element?, any Error>?, Receiver?) in
            guard state.end == nil else { return (nil, nil) }
            state.end = end
            return (state.reader.take(), state.isDelivering ? nil : state.receiver.take())
        }
        reader?.resume(with: end.map { nil })
        receiver?.ended.resume(with: end)
    }

    func onAbandoned(_ action: @escaping @Sendable () -> Void) {
        let already = state.withLock { state in
            if !state.isAbandoned { state.onAbandoned = action }
            return state.isAbandoned
        }
        if already { action() }
    }

    func abandon() {
        let (reader, receiver, action) = state.withLock { state in
            state.isAbandoned = true
            return (state.reader.take(), state.receiver.take(), state.onAbandoned.take())
        }
        reader?.resume(returning: nil)
        receiver?.ended.resume()
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

    func forEach(_ receive: @escaping @Sendable (Element) -> Void) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
                let isOver = state.withLock { state in
                    if state.isAbandoned || Task.isCancelled { return true }
                    precondition(state.reader == nil && state.receiver == nil, "a feed has one reader")
                    state.receiver = Receiver(receive: receive, ended: ended)
                    state.isDelivering = true
                    return false
                }
                if isOver { ended.resume() } else { deliver(nil, to: receive) }
            }
        } onCancel: {
            let receiver = state.withLock { $0.receiver.take() }
            receiver?.ended.resume()
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

    /// An empty queue keeps room for this number of items.
    private static var mostKept: Int { 128 }

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

    /// Empties the queue. The memory of a large one is released: most feeds are not behind again.
    private mutating func removeAll() {
        let isSmall = items.capacity <= ConflatingQueue.mostKept
        items.removeAll(keepingCapacity: isSmall)
        keys.removeAll(keepingCapacity: isSmall)
        places.removeAll(keepingCapacity: isSmall)
        head = 0
    }
}

/// What a newer element of a feed has in common with the older one that it replaces.
public enum ConflationKey: Hashable, Sendable {
    case symbol(Symbol)
    case time(Timestamp)
}

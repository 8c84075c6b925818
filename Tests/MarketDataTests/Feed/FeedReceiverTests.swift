import MarketData
import Synchronization
import TestSupport
import Testing

/// A feed whose reader is called for each element.
@Suite("Feeds that call their reader", .timeLimit(.minutes(1)))
struct FeedReceiverTests {
    private final class Received: Sendable {
        private let elements = Mutex<[Int]>([])
        private let inside = Atomic(0)
        private let overlapping = Atomic(0)
        var all: [Int] { elements.withLock { $0 } }
        /// How many calls began before the former one ended.
        var overlaps: Int { overlapping.load(ordering: .relaxed) }

        func append(_ element: Int) {
            if inside.add(1, ordering: .relaxed).newValue != 1 { overlapping.add(1, ordering: .relaxed) }
            elements.withLock { $0.append(element) }
            inside.subtract(1, ordering: .relaxed)
        }
    }

    /// A feed in which nothing is replaced.
    private static func numbers(capacity: Int = 4096) -> (feed: Feed<Int>, source: FeedSource<Int>) {
        Feed.make(capacity: capacity) { _ in nil }
    }

    @Test("what waits comes first, then each element on the sender's own thread, then the end")
    func order() async throws {
        let (feed, source) = Self.numbers()
        let received = Received()
        source.send(1)
        source.send(2)
        async let reading: Void = feed.forEach { received.append($0) }
        try await waitUntil("what waited has come") { received.all == [1, 2] }
        source.send(3)
        // Nothing wakes between: the call above has delivered it.
        #expect(received.all == [1, 2, 3])
        source.finish()
        source.send(4)
        try await reading
        #expect(received.all == [1, 2, 3])
    }

    @Test("an element that the body sends itself comes after the present one")
    func reentrant() async throws {
        let (feed, source) = Self.numbers()
        let received = Received()
        source.send(1)
        try await feed.forEach { number in
            if number < 4 { source.send(number + 1) }
            if number == 4 { source.finish() }
            received.append(number)
        }
        #expect(received.all == [1, 2, 3, 4])
    }

    @Test("elements of many senders come one after another, each sender's in its order, and the end after all")
    func senders() async throws {
        let (feed, source) = Self.numbers(capacity: 10_000)
        let received = Received()
        async let reading: Void = feed.forEach { received.append($0) }
        await withTaskGroup(of: Void.self) { group in
            for sender in 0..<8 {
                group.addTask { for number in 0..<1_000 { source.send(sender * 1_000 + number) } }
            }
        }
        source.finish()
        try await reading
        let all = received.all
        #expect(received.overlaps == 0)
        #expect(all.sorted() == Array(0..<8_000))
        for sender in 0..<8 {
            let own = all.filter { $0 / 1_000 == sender }
            #expect(own == own.sorted())
        }
    }

    @Test("a failure is thrown after what was sent before it")
    func failure() async throws {
        let (feed, source) = Self.numbers()
        let received = Received()
        source.send(1)
        source.finish(throwing: MarketDataError(.upstreamTimeout, "nothing came"))
        let error = await #expect(throws: MarketDataError.self) { try await feed.forEach { received.append($0) } }
        #expect(error?.code == .upstreamTimeout)
        #expect(received.all == [1])
    }

    @Test("a body that leaves more waiting than the feed holds ends with overloaded")
    func bound() async throws {
        let (feed, source) = Self.numbers(capacity: 2)
        let received = Received()
        source.send(0)
        let error = await #expect(throws: MarketDataError.self) {
            try await feed.forEach { number in
                received.append(number)
                if number == 0 { for next in 1...3 { source.send(next) } }
            }
        }
        #expect(error?.code == .overloaded)
        #expect(received.all == [0, 1, 2])
    }

    @Test(
        "cancelling the task ends the call, also where the body does it, and releasing the feed ends the subscription")
    func cancellation() async throws {
        for isCancelledByBody in [false, true] {
            let received = Received()
            let source = try await Self.cancelledReader(received, byBody: isCancelledByBody)
            source.send(2)
            #expect(received.all == [1])
            let isAbandoned = Received()
            source.onAbandoned { isAbandoned.append(0) }
            #expect(isAbandoned.all == [0])
        }
    }

    /// The source of a feed whose reader was cancelled after one element, and that is released.
    private static func cancelledReader(_ received: Received, byBody: Bool) async throws -> FeedSource<Int> {
        let (feed, source) = numbers()
        let task = Mutex<Task<Void, any Error>?>(nil)
        let cancel = { @Sendable in task.withLock { $0?.cancel() } }
        let reading = Task {
            try await feed.forEach { number in
                received.append(number)
                if byBody { cancel() }
            }
        }
        task.withLock { $0 = reading }
        source.send(1)
        try await waitUntil("it has come") { received.all == [1] }
        if !byBody { reading.cancel() }
        try await reading.value
        return source
    }
}

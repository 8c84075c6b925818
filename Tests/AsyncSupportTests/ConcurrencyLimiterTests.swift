import AsyncSupport
import Synchronization
import TestSupport
import Testing

@Suite("a limit of concurrent operations")
struct ConcurrencyLimiterTests {
    struct Overloaded: Error {}

    @Test("never runs more at once than it has places, and uses all of them", arguments: [1, 2, 5])
    func places(places: Int) async throws {
        let limiter = ConcurrencyLimiter(places: places, overloaded: Overloaded())
        let running = ConcurrencyCount()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    try await limiter.run {
                        try await running.during {
                            try await waitUntil { running.most == places }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(running.most == places)
        #expect(limiter.waiting == 0)
    }

    @Test("gives turns in order of arrival")
    func order() async throws {
        let limiter = ConcurrencyLimiter(places: 1, overloaded: Overloaded())
        let order = Order()
        try await limiter.enter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 {
                group.addTask { try await limiter.run { order.add(number) } }
                try await waitUntil { limiter.waiting == number + 1 }
                // A ticket is drawn shortly before its place in the line is taken.
                try await Task.sleep(for: .milliseconds(5))
            }
            limiter.leave()
            try await group.waitForAll()
        }
        #expect(order.numbers == Array(0..<10))
    }

    @Test("rejects an operation when too many wait")
    func full() async throws {
        let limiter = ConcurrencyLimiter(places: 1, mostWaiting: 0, overloaded: Overloaded())
        try await limiter.enter()
        await #expect(throws: Overloaded.self) { try await limiter.enter() }
        limiter.leave()
        try await limiter.enter()
        limiter.leave()
    }

    @Test("rejects an operation that waits too long, and keeps the place for others")
    func patience() async throws {
        let limiter = ConcurrencyLimiter(places: 1, patience: .milliseconds(20), overloaded: Overloaded())
        try await limiter.enter()
        await #expect(throws: Overloaded.self) { try await limiter.enter() }
        #expect(limiter.waiting == 0)
        limiter.leave()
        #expect(try await limiter.run { 7 } == 7)
    }

    @Test("loses no place when waiting operations are cancelled or time out", arguments: 0..<20)
    func cancellation(seed: UInt64) async throws {
        let limiter = ConcurrencyLimiter(places: 2, patience: .milliseconds(3), overloaded: Overloaded())
        var random = SeededGenerator(seed: seed)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<60 {
                let pause = Int.random(in: 0...2_000, using: &random)
                let cancelled = Bool.random(using: &random)
                group.addTask {
                    let task = Task { try await limiter.run { try await Task.sleep(for: .microseconds(pause)) } }
                    if cancelled {
                        try? await Task.sleep(for: .microseconds(pause / 2))
                        task.cancel()
                    }
                    _ = await task.result
                }
            }
        }
        #expect(limiter.waiting == 0)
        // Both places are free again.
        try await limiter.enter()
        try await limiter.enter()
        await #expect(throws: Overloaded.self) { try await limiter.enter() }
    }
}

/// The numbers of operations in the order in which they ran.
private final class Order: Sendable {
    private let state = Mutex<[Int]>([])

    var numbers: [Int] { state.withLock { $0 } }

    func add(_ number: Int) { state.withLock { $0.append(number) } }
}

import MarketData
import NetworkFailure
import Synchronization

/// Lets one question through at a time, in the order in which they came.
public final class ConcurrencyLimiter: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [(number: Int, turn: CheckedContinuation<Void, any Error>)] = []
        var nextNumber = 0
    }

    private let state = Mutex(State())
    private let site: Site
    private let mostWaiting: Int

    /// A limiter before a site.
    public init(_ site: Site, mostWaiting: Int = 64) {
        self.site = site
        self.mostWaiting = mostWaiting
    }

    /// Waits for the turn and asks, all within one time limit.
    /// - Throws: What `ask` throws; `MarketDataError` `upstreamTimeout` when the time is up, `overloaded` when too many
    ///   wait already; `CancellationError`.
    public func inTurn<Answer: Sendable>(
        within timeout: Duration,
        _ ask: @escaping @Sendable (ContinuousClock.Instant) async throws -> Answer
    ) async throws -> Answer {
        let deadline = ContinuousClock.now + timeout
        let late = ConnectionFailure.timedOut.error(of: site, timeout: timeout)
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask {
                try await self.enter()
                defer { self.leave() }
                return try await ask(deadline)
            }
            group.addTask {
                try await Task.sleep(until: deadline)
                throw late
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw late }
            return answer
        }
    }

    /// Waits for the turn; whoever got it calls `leave`.
    /// - Throws: `MarketDataError` `overloaded` when too many wait already, `CancellationError`.
    public func enter() async throws {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { turn in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.isTaken else {
                        state.isTaken = true
                        return .success(())
                    }
                    guard state.waiting.count < mostWaiting else { return .failure(tooMany) }
                    state.waiting.append((number, turn))
                    return nil
                }
                if let result { turn.resume(with: result) }
            }
        } onCancel: {
            let turn = state.withLock { state in
                state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0).turn }
            }
            turn?.resume(throwing: CancellationError())
        }
    }

    /// Gives the turn to the next in line.
    public func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst().turn
        }
        next?.resume()
    }

    private var tooMany: MarketDataError {
        MarketDataError(
            .overloaded, "too many questions wait for \(site.name), which is asked one at a time", source: site.source
        )
    }
}

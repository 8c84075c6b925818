import MarketData
import NetworkFailure
import Synchronization

/// Runs one request at a time, in order of arrival.
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

    /// Waits for the turn and runs the request, within one time limit.
    /// - Throws: What `request` throws; `MarketDataError` `upstreamTimeout` when the time is up, `overloaded` when too many
    ///   wait already; `CancellationError`.
    public func inTurn<Response: Sendable>(
        within timeout: Duration,
        _ request: @escaping @Sendable (ContinuousClock.Instant) async throws -> Response
    ) async throws -> Response {
        let deadline = ContinuousClock.now + timeout
        let late = ConnectionFailure.timedOut.error(of: site, timeout: timeout)
        return try await withThrowingTaskGroup(of: Response.self) { group in
            group.addTask {
                try await self.enter()
                defer { self.leave() }
                return try await request(deadline)
            }
            group.addTask {
                try await Task.sleep(until: deadline)
                throw late
            }
            defer { group.cancelAll() }
            guard let response = try await group.next() else { throw late }
            return response
        }
    }

    /// Waits for the turn; the caller then calls `leave`.
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

    /// Passes the turn to the next in line.
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
            .overloaded, "too many requests wait for \(site.name), which takes one at a time; try again later",
            source: site.source
        )
    }
}

import MarketData
import Synchronization

/// Lets one question through at a time, in the order in which they came.
final class Turnstile: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [(number: Int, turn: CheckedContinuation<Void, any Error>)] = []
        var nextNumber = 0
    }

    private let state = Mutex(State())
    private let mostWaiting: Int

    init(mostWaiting: Int = 64) { self.mostWaiting = mostWaiting }

    /// Waits for the turn; whoever got it calls `leave`.
    /// - Throws: `MarketDataError` `overloaded` when too many wait already, `CancellationError`.
    func enter() async throws {
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
                    guard state.waiting.count < mostWaiting else { return .failure(Turnstile.tooMany) }
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
    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst().turn
        }
        next?.resume()
    }

    private static let tooMany = MarketDataError(
        .overloaded, "too many questions wait for NSE, which is asked one at a time", source: .nse
    )
}

import NIOCore
import Synchronization

/// Hands one element at a time from those who give to the one who takes; giving waits until the element is taken.
final class Rendezvous<Element: Sendable>: Sendable {
    private struct State {
        var givers = CircularBuffer<(id: Int, element: Element, continuation: CheckedContinuation<Void, any Error>)>()
        var taker: CheckedContinuation<Element?, Never>?
        var isFinished = false
        var lastID = 0
    }

    private let state = Mutex(State())

    /// Waits until the element is taken.
    /// - Throws: `CancellationError`, also where nobody will take any more.
    func give(_ element: Element) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome = state.withLock {
                    state -> (Result<Void, any Error>?, CheckedContinuation<Element?, Never>?) in
                    if state.isFinished || Task.isCancelled { return (.failure(CancellationError()), nil) }
                    if let taker = state.taker.take() { return (.success(()), taker) }
                    state.givers.append((id, element, continuation))
                    return (nil, nil)
                }
                outcome.1?.resume(returning: element)
                if let result = outcome.0 { continuation.resume(with: result) }
            }
        } onCancel: {
            let giver = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let place = state.givers.firstIndex(where: { $0.id == id }) else { return nil }
                return state.givers.remove(at: place).continuation
            }
            giver?.resume(throwing: CancellationError())
        }
    }

    /// Whether somebody waits for an element to be taken.
    var hasGivers: Bool { state.withLock { !$0.givers.isEmpty } }

    /// Whether it has ended.
    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// The next element; `nil` at the end, or when the task is cancelled.
    func take() async -> Element? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Element?, Never>) in
                let (ready, giver) = state.withLock { state -> (Element??, CheckedContinuation<Void, any Error>?) in
                    if !state.givers.isEmpty {
                        let giver = state.givers.removeFirst()
                        return (.some(giver.element), giver.continuation)
                    }
                    if state.isFinished || Task.isCancelled { return (.some(nil), nil) }
                    state.taker = continuation
                    return (nil, nil)
                }
                giver?.resume()
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            let taker = state.withLock { $0.taker.take() }
            taker?.resume(returning: nil)
        }
    }

    /// Ends it: who gives is told so, and who takes is at the end.
    func finish() {
        let (givers, taker) = state.withLock { state in
            state.isFinished = true
            defer { state.givers.removeAll() }
            return (state.givers, state.taker.take())
        }
        for giver in givers { giver.continuation.resume(throwing: CancellationError()) }
        taker?.resume(returning: nil)
    }
}

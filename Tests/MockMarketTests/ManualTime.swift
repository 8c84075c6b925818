import MarketData
import MockMarket
import Synchronization
import Testing

/// A clock that a test turns, and sleeping that ends when it is turned.
final class ManualTime: Sendable {
    private struct State {
        var now: Timestamp
        var sleepers: [Int: CheckedContinuation<Void, any Error>] = [:]
        var next = 0
        var watchers: [(condition: @Sendable (Int) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Mutex<State>

    init(_ now: Timestamp) { state = Mutex(State(now: now)) }

    var now: Timestamp { state.withLock { $0.now } }

    func market() -> MockMarket {
        MockMarket(schedule: UpdateSchedule(sleep: { _ in try await self.sleep() }), clock: { self.now })
    }

    /// Turns the clock once somebody sleeps, and wakes everybody.
    func advance(bySeconds seconds: Int64) async throws {
        try await wait { $0 > 0 }
        let sleepers = state.withLock { state in
            state.now = state.now.advanced(bySeconds: seconds)
            defer { state.sleepers.removeAll() }
            return state.sleepers.values.map { $0 }
        }
        sleepers.forEach { $0.resume() }
    }

    /// Waits until the number of sleepers is as wanted.
    func wait(for condition: @escaping @Sendable (Int) -> Bool) async throws {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                if condition(state.sleepers.count) { return true }
                state.watchers.append((condition, continuation))
                return false
            }
            if isMet { continuation.resume() }
        }
    }

    private func sleep() async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.sleepers[number] = continuation
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
                notifyWatchers()
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.resume(throwing: CancellationError())
            notifyWatchers()
        }
    }

    private func notifyWatchers() {
        let met = state.withLock { state in
            let count = state.sleepers.count
            let met = state.watchers.filter { $0.condition(count) }
            state.watchers.removeAll { $0.condition(count) }
            return met
        }
        met.forEach { $0.continuation.resume() }
    }
}

/// A time of India's clocks, such as `2026-11-23 09:15`.
func instant(_ text: String) throws -> Timestamp {
    let parts = text.split(separator: " ")
    return IndianTime.timestamp(try #require(CalendarDate(parts[0])), try #require(ClockTime(parts[1])))
}

func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

extension MockMarket {
    /// A market in which it is a certain time.
    static func at(_ now: Timestamp, seed: UInt64 = 1, hours: Hours = .always) -> MockMarket {
        MockMarket(seed: seed, hours: hours, clock: { now })
    }
}

extension Symbol {
    static let indiaVIX = Symbol(exchange: "NSE", ticker: "INDIAVIX")
    static let niftyFuture = Symbol(exchange: "NSE", ticker: "NIFTY1!")
}

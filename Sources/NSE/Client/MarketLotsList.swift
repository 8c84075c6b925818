import JSON
import Logging
import MarketData
import SourceHTTP
import Synchronization

/// The list of lots, read on first use and again each day.
final class MarketLotsList: Sendable {
    private struct State {
        var lots: MarketLots?
        /// When to fetch again.
        var until: Timestamp?
    }

    private let connection: ArchiveConnection
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    init(_ connection: ArchiveConnection, logger: Logger, now: @escaping @Sendable () -> Timestamp) {
        self.connection = connection
        self.logger = logger
        self.now = now
    }

    /// Shares a contract, by the exchange's list; `nil` if it is not listed or the list is unavailable. A query for
    /// open interest must not fail or wait long without it.
    func size(
        of code: String, expiring date: CalendarDate, before deadline: ContinuousClock.Instant
    ) async throws -> Int? {
        try await today(before: deadline)?.size(of: code, expiring: date)
    }

    private func today(before deadline: ContinuousClock.Instant) async throws -> MarketLots? {
        let present = now()
        let (known, until) = state.withLock { ($0.lots, $0.until) }
        if let until, present < until { return known }
        let patience = min(deadline - .seconds(1), ContinuousClock.now + MarketLotsList.patience)
        do {
            let lots = try await fetch(before: patience)
            let tomorrow = IndianTime.date(present).advanced(byDays: 1)
            let midnight = IndianTime.timestamp(tomorrow, ClockTime(secondsAfterMidnight: 0))
            state.withLock { $0 = State(lots: lots, until: midnight) }
            return lots
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.notice("nse list of lots is unavailable", metadata: ["error": "\(error)"])
            // That of another day stays better than none: a lot changes twice a year.
            return state.withLock { state in
                state.until = present.advanced(bySeconds: 600)
                return state.lots
            }
        }
    }

    private func fetch(before deadline: ContinuousClock.Instant) async throws -> MarketLots {
        guard let bytes = try await connection.bytes(of: .marketLots, before: deadline) else {
            throw connection.error("there is no such file", in: .marketLots)
        }
        do throws(UnreadableField) {
            return try MarketLots(csv: bytes)
        } catch {
            throw connection.error(error.words, in: .marketLots)
        }
    }

    private static let patience = Duration.seconds(5)
}

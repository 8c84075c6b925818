import MarketData
import MarketStore

/// The part of a series that a question without a range means: all that the store knows.
enum StoredRange {
    /// - Throws: `CommandFailure` where the store knows nothing of the series; `StoreError`.
    static func range(
        _ asked: TimeRange?, of key: SeriesKey, in store: any BarStore, now: Timestamp
    ) async throws -> TimeRange {
        if let asked { return asked }
        let bars = try await store.series().first { $0.key == key }
        let spans = try await store.coverage(of: key).spans.filter { $0.state == .had }
        let first = [bars?.first, spans.first?.range.from].compactMap { $0 }.min()
        guard let first, first < now else {
            throw CommandFailure(
                message: "the store holds nothing of \(key); fetch it: bhav backfill \(key.symbol) "
                    + "--interval \(key.interval) --from DATE",
                exitCode: .partial)
        }
        return TimeRange(from: first, to: now)
    }
}

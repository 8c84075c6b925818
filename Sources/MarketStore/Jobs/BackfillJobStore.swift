public import MarketData

/// A memory of backfills. It keeps the newest fifty; older ones are forgotten, not what they fetched.
public protocol BackfillJobStore: Sendable {
    /// The newest unfinished job with exactly these orders, or a new one where there is none.
    /// - Throws: `StoreError`; `refused` without orders, or for more than 100,000 of them.
    func openJob(_ orders: [BackfillOrder], now: Timestamp) async throws(StoreError) -> BackfillJob

    /// Notes what became of an item; a later result takes the place of an earlier one, and the bars it brought are
    /// added to those before.
    /// - Throws: `StoreError`; `refused` for an item that is not there.
    func settle(_ item: Int, of job: Int64, _ result: BackfillResult) async throws(StoreError)

    /// A job by its number.
    /// - Throws: `StoreError`.
    func job(_ id: Int64) async throws(StoreError) -> BackfillJob?

    /// All jobs, the newest first.
    /// - Throws: `StoreError`.
    func jobs() async throws(StoreError) -> [BackfillJob]
}

public import MarketData

/// A memory that lets go of what is old, by a policy it keeps, and knows afterwards that it did: what was let go of is
/// neither missing, so that it is not fetched again for ever, nor proven never to have been.
public protocol RetentionStore: Sendable {
    /// What is kept, and for how long; without rules where nothing was decided.
    /// - Throws: `StoreError`.
    func retentionPolicy() async throws(StoreError) -> RetentionPolicy

    /// Decides what is kept from now on; nothing goes yet. What an earlier policy let go of and this one keeps counts
    /// as missing again.
    /// - Throws: `StoreError`; `refused` for a time that is not above zero.
    func setRetentionPolicy(_ policy: RetentionPolicy, now: Timestamp) async throws(StoreError)

    /// How many bars of a series open before an instant.
    /// - Throws: `StoreError`.
    func countBars(of key: SeriesKey, before: Timestamp) async throws(StoreError) -> Int

    /// Lets go of the bars of a series before an instant and of their former values; of the time before it is known
    /// from then on that a policy emptied it (`CoverageState.removed`). Whoever writes meanwhile is not held up until all
    /// is gone, and an end in between leaves a part that went, known as such. Returns how many bars went.
    /// - Throws: `StoreError`.
    @discardableResult
    func letGo(of key: SeriesKey, before: Timestamp) async throws(StoreError) -> Int
}

import MarketData
public import MarketStore

extension Backfill {
    /// What happens while a job is worked on.
    public enum Event: Sendable {
        /// The item was complete before, over a span that does not grow: nothing is to be done.
        case skipped(BackfillJob.Item)
        /// How far an item has come.
        case progress(BackfillJob.Item, BackfillProgress)
        /// What became of an item; it is noted in the job.
        case settled(BackfillJob.Item, BackfillOutcome)
    }

    /// Works on what a job has left, item by item. To be ended at any moment and begun again with the job as it is then
    /// in the store: its pages are written before they count, and its items settled after their last page.
    /// - Throws: `StoreError` where the store fails, `CancellationError`.
    public func work(
        on job: BackfillJob, in jobs: any BackfillJobStore, report: @Sendable (Event) async throws -> Void
    ) async throws {
        for item in job.items {
            try Task.checkCancellation()
            guard item.isOpen else {
                try await report(.skipped(item))
                continue
            }
            let outcome = try await complete(item, report: report)
            try await jobs.settle(item.number, of: job.id, outcome.result(at: clock()))
            try await report(.settled(item, outcome))
        }
    }

    private func complete(
        _ item: BackfillJob.Item, report: @Sendable (Event) async throws -> Void
    ) async throws -> BackfillOutcome {
        guard let range = item.order.range(now: clock()) else { return BackfillOutcome(key: item.order.key) }
        return try await complete(item.order.key, over: range) { try await report(.progress(item, $0)) }
    }
}

extension BackfillJob.Item {
    /// Whether there may be something to fetch: always where the order reaches up to now.
    public var isOpen: Bool { order.to == nil || result?.state != .complete }
}

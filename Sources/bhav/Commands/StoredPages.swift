import MarketData
import MarketStore

/// The bars of a range out of the store, page by page, so that memory does not grow with the range.
struct StoredPages {
    private static let size = 20_000

    let store: any BarStore
    let key: SeriesKey
    let range: TimeRange

    /// Hands over each page; the body says whether it wants more.
    func forEach(_ body: (StoredBars) async throws -> Bool) async throws {
        var from = range.from
        while from < range.to {
            try Task.checkCancellation()
            let rest = TimeRange(from: from, to: range.to)
            let page = try await store.bars(of: key, in: rest, limit: StoredPages.size)
            guard let last = page.bars.last, try await body(page), page.bars.count == StoredPages.size else { return }
            from = Timestamp(milliseconds: last.time.milliseconds + 1)
        }
    }

    /// Whether any bar has open interest, and so whether rows have a column for it.
    func haveOpenInterest() async throws -> Bool {
        var found = false
        try await forEach { page in
            found = page.bars.contains { $0.openInterest != nil }
            return !found
        }
        return found
    }
}

import MarketData
import MarketStore

/// The bars of a range out of the store, page by page, so that memory does not grow with the range.
struct StoredPages {
    private static let size = 20_000

    let store: any BarStore
    let key: SeriesKey
    let range: TimeRange
    /// Whether bars of former generations, with prices of before the whole series changed, are among them.
    var withFormer = false

    /// Hands over each page; the body says whether it wants more.
    func forEach(_ body: (StoredBars) async throws -> Bool) async throws {
        var from = range.from
        while let page = try await page(from: from), let last = page.bars.last {
            guard try await body(page) else { return }
            from = Timestamp(milliseconds: last.time.milliseconds + 1)
        }
    }

    // Swift 6.3.1 crashes where it optimises this function.
    /// Whether any bar has open interest, and so whether rows have a column for it.
    @_optimize(none)
    func haveOpenInterest() async throws -> Bool {
        var from = range.from
        while let page = try await page(from: from), let last = page.bars.last {
            if page.bars.contains(where: { $0.openInterest != nil }) { return true }
            from = Timestamp(milliseconds: last.time.milliseconds + 1)
        }
        return false
    }

    /// The bars of a part, at most so many of them.
    func bars(in part: TimeRange, limit: Int) async throws -> StoredBars {
        let current = try await store.bars(of: key, in: part, limit: limit)
        guard withFormer else { return current }
        return current.merged(with: try await store.formerBars(of: key, in: part, limit: limit), limit: limit)
    }

    private func page(from: Timestamp) async throws -> StoredBars? {
        try Task.checkCancellation()
        guard from < range.to else { return nil }
        return try await bars(in: TimeRange(from: from, to: range.to), limit: StoredPages.size)
    }
}

import MarketData
import MarketStore
import Synchronization

/// Gaps that a source reported itself, so that not every request fetches them again. Kept in memory only, and for a
/// while: a gap of today may be filled soon, one of years ago hardly ever.
final class NegativeCache: Sendable {
    private struct Entry {
        let gap: Gap
        let until: Timestamp
    }

    /// Beyond this number all are forgotten, and requested once more.
    private static let most = 10_000
    /// The shortest and the longest time until a gap is fetched again; in between it is a quarter of its age.
    private static let lifetime: ClosedRange<Int64> = 300...86_400

    private let state = Mutex<(entries: [SeriesKey: [Entry]], count: Int)>(([:], 0))

    /// A source's response reported gaps.
    func learn(_ gaps: [Gap], of key: SeriesKey, now: Timestamp) {
        let entries = gaps.filter { $0.range.to < now }.map { gap in
            let age = now.seconds - gap.range.to.seconds
            let wait = min(max(age / 4, NegativeCache.lifetime.lowerBound), NegativeCache.lifetime.upperBound)
            return Entry(gap: gap, until: now.advanced(bySeconds: wait))
        }
        guard !entries.isEmpty else { return }
        state.withLock { state in
            if state.count + entries.count > NegativeCache.most { state = ([:], 0) }
            let others = (state.entries[key] ?? []).filter { entry in
                entry.until > now && !entries.contains { $0.gap.range == entry.gap.range }
            }
            state.count += others.count + entries.count - (state.entries[key]?.count ?? 0)
            state.entries[key] = others + entries
        }
    }

    /// The gaps of a series that need not be requested now.
    func gaps(of key: SeriesKey, now: Timestamp) -> [Gap] {
        state.withLock { state in (state.entries[key] ?? []).filter { $0.until > now }.map(\.gap) }
    }
}

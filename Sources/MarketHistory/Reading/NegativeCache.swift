import MarketData
import MarketStore
import Synchronization

/// Gaps that a source reported itself, so that not every request fetches them again. Kept in memory only, and for a
/// while: a hole of today may be filled soon, one of years ago hardly ever.
final class NegativeCache: Sendable {
    private struct Hole {
        let gap: Gap
        let until: Timestamp
    }

    /// Beyond this number all are forgotten, and asked for once more.
    private static let most = 10_000
    /// The shortest and the longest time until a hole is asked for again; in between it is a quarter of its age.
    private static let memory: ClosedRange<Int64> = 300...86_400

    private let state = Mutex<(holes: [SeriesKey: [Hole]], count: Int)>(([:], 0))

    /// A source's answer named holes.
    func learn(_ gaps: [Gap], of key: SeriesKey, now: Timestamp) {
        let holes = gaps.filter { $0.range.to < now }.map { gap in
            let age = now.seconds - gap.range.to.seconds
            let wait = min(max(age / 4, NegativeCache.memory.lowerBound), NegativeCache.memory.upperBound)
            return Hole(gap: gap, until: now.advanced(bySeconds: wait))
        }
        guard !holes.isEmpty else { return }
        state.withLock { state in
            if state.count + holes.count > NegativeCache.most { state = ([:], 0) }
            let others = (state.holes[key] ?? []).filter { hole in
                hole.until > now && !holes.contains { $0.gap.range == hole.gap.range }
            }
            state.count += others.count + holes.count - (state.holes[key]?.count ?? 0)
            state.holes[key] = others + holes
        }
    }

    /// The holes of a series that need not be asked for now.
    func gaps(of key: SeriesKey, now: Timestamp) -> [Gap] {
        state.withLock { state in (state.holes[key] ?? []).filter { $0.until > now }.map(\.gap) }
    }
}

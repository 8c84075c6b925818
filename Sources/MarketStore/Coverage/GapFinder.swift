public import MarketData

/// Compares what should be there with what is: a bar that the calendar expects is had where it is stored, empty where
/// its absence was proven, and otherwise missing, even where coverage says that all is had.
public struct GapFinder: Sendable {
    /// Where bars begin and end.
    public let boundaries: BarBoundaries
    /// The bars that are not over by then are not expected.
    public let now: Timestamp

    /// Finds gaps by a calendar, as of an instant.
    public init(boundaries: BarBoundaries, now: Timestamp) {
        self.boundaries = boundaries
        self.now = now
    }

    /// What is had, empty and missing in a range, without a hole between; nights and holidays are empty as `closed`. A
    /// bar that opened before the range, and one that is still forming, are left out.
    public func spans(
        in range: TimeRange, coverage: CoverageMap, openings: some Sequence<Timestamp>
    ) -> [CoverageSpan] {
        let stored = Set(openings)
        var found: [CoverageSpan] = []
        var cursor = boundaries.bar(containing: range.from).flatMap { $0.from < range.from ? $0.to : nil } ?? range.from
        func append(_ to: Timestamp, _ state: CoverageState) {
            let end = min(to, range.to)
            guard cursor < end else { return }
            if let last = found.last, last.state == state {
                found[found.count - 1] = CoverageSpan(TimeRange(from: last.range.from, to: end), state)
            } else {
                found.append(CoverageSpan(TimeRange(from: cursor, to: end), state))
            }
            cursor = end
        }
        for bar in expected(in: range) {
            append(bar.from, .empty(.closed))
            append(bar.to, state(of: bar, coverage, stored))
        }
        append(boundaries.bar(containing: now)?.from ?? now, .empty(.closed))
        return found
    }

    /// The bars to be fetched, each from opening to close.
    public func missingBars(
        in range: TimeRange, coverage: CoverageMap, openings: some Sequence<Timestamp>
    ) -> [TimeRange] {
        let stored = Set(openings)
        return expected(in: range).filter { state(of: $0, coverage, stored) == .missing }
    }

    private func expected(in range: TimeRange) -> ExpectedBars {
        ExpectedBars(boundaries: boundaries, within: range, now: now)
    }

    private func state(of bar: TimeRange, _ coverage: CoverageMap, _ stored: Set<Timestamp>) -> CoverageState {
        if stored.contains(bar.from) { return .had }
        let known = coverage.state(at: bar.from)
        return known == .had ? .missing : known
    }
}

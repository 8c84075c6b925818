import MarketData
import MarketStore

/// A span of a series to be fetched.
struct FetchSpan: Hashable, Sendable {
    /// The most requests for one response; with more gaps, the nearest neighbours are requested as one.
    static let mostRequests = 16

    /// The bars that are missing open within it.
    let range: TimeRange
    /// Whether it holds the newest bars, so that stored ones before it are fetched again, to be compared.
    var isNewest = false
    /// Whether the response is stored: not if retention would remove it at once.
    var isKept = true
}

extension SeriesSurvey {
    /// The spans to fetch so that a window is complete and up to date, the newest first.
    /// - Parameter window: What was requested; it may end in the future.
    func spansToFetch(for window: TimeRange) -> [FetchSpan] {
        var pages = plan(pageSize: BarRequest.largestCount).pages.map(\.range).joined(into: FetchSpan.mostRequests)
        var newest: TimeRange?
        if let forming, window.to > forming {
            var from = forming
            if let last = pages.last, hasNothing(from: last.to, to: forming) { from = pages.removeLast().from }
            newest = TimeRange(from: max(from, window.from), to: window.to)
        } else if let last = pages.last, hasNothing(from: last.to, to: window.to) {
            newest = pages.removeLast()
        }
        return [newest].compactMap { $0.map { FetchSpan(range: $0, isNewest: true) } }
            + pages.reversed().map { FetchSpan(range: $0) }
            + [beyondRetention].compactMap { $0.map { FetchSpan(range: $0, isKept: false) } }
    }

    /// The gaps of a response where a span could not be fetched: bars that must exist, and the newest one. Time without
    /// trading by the calendar is not missing.
    func missing(within span: FetchSpan) -> [TimeRange] {
        guard boundaries != nil, span.isKept else {
            return [TimeRange(from: span.range.from, to: min(span.range.to, now))]
        }
        var missing = missing
        if span.isNewest, let forming { missing.append(TimeRange(from: forming, to: now)) }
        return RangeSet(missing).intersection(RangeSet([span.range])).spans
    }

    /// The unknown parts of some gaps.
    func unknown(of gaps: [Gap]) -> [Gap] {
        let unknown = RangeSet(unknown)
        return gaps.flatMap { gap in
            unknown.intersection(RangeSet([gap.range])).spans.map { Gap(range: $0, reason: gap.reason) }
        }
    }

    /// Where a bar opens that is not over yet, or was reported so soon after its end that the exchange's closing values
    /// may differ; `nil` while the market is closed. Where no calendar says, one may always be forming.
    private var forming: Timestamp? {
        guard let boundaries else { return now.advanced(bySeconds: -key.interval.longestSeconds) }
        let bar = boundaries.latestBar(at: now)
        let isSettled = newestAsOf.map { $0 >= bar.to.advanced(bySeconds: BarRun.settlingSeconds) } ?? true
        return bar.to > now || !isSettled ? bar.from : nil
    }

    /// The part of the range that the store does not keep, although it may have had bars.
    private var beyondRetention: TimeRange? {
        coverage.spans.last { $0.state == .removed }.map { TimeRange(from: range.from, to: min($0.range.to, range.to)) }
    }

    /// Whether no source returned bars between two instants.
    private func hasNothing(from: Timestamp, to: Timestamp) -> Bool {
        !coverage.spans(in: TimeRange(from: from, to: to)).contains { $0.state == .hasData }
    }
}

extension [TimeRange] {
    /// The same ranges as no more than some number of them: only the widest stretches between them are left out.
    func joined(into most: Int) -> [TimeRange] {
        guard count > most else { return self }
        let widths = zip(self, dropFirst()).map { $1.from.seconds - $0.to.seconds }
        let ends = Set(widths.indices.sorted { widths[$0] > widths[$1] }.prefix(most - 1))
        var joined: [TimeRange] = []
        for (index, range) in enumerated() {
            if index == 0 || ends.contains(index - 1) {
                joined.append(range)
            } else {
                joined[joined.count - 1] = TimeRange(from: joined[joined.count - 1].from, to: range.to)
            }
        }
        return joined
    }
}

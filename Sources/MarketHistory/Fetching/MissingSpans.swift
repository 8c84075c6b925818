import MarketData
import MarketStore

/// The spans to request so that a window of a series is complete and up to date. Pure.
struct MissingSpans: Hashable {
    /// A span to be requested.
    struct Span: Hashable, Sendable {
        /// The bars that are missing open within it.
        let range: TimeRange
        /// Whether it holds the newest bars, so that stored ones before it are fetched again, to be compared.
        let isNewest: Bool
        /// Whether the response is stored: not if retention would remove it at once.
        var isKept = true
    }

    /// The largest number of bars of one request.
    static let mostBars = BarRequest.largestCount

    /// The most requests for one response; with more gaps, the nearest neighbours are requested as one.
    static let mostRequests = 16

    /// The newest first.
    let spans: [Span]

    /// - Parameters:
    ///   - survey: What the store has of the window.
    ///   - window: What was requested; it may end in the future.
    ///   - heard: As of when the newest stored bar was reported.
    init(_ survey: SeriesSurvey, window: TimeRange, heard: Timestamp?) {
        var pages = MissingSpans.joined(survey.plan(pageSize: MissingSpans.mostBars).pages.map(\.range))
        var newest: Span?
        if let forming = MissingSpans.forming(survey, heard), window.to > forming {
            var from = forming
            if let last = pages.last, survey.hasNothing(from: last.to, to: forming) { from = pages.removeLast().from }
            newest = Span(range: TimeRange(from: max(from, window.from), to: window.to), isNewest: true)
        } else if let last = pages.last, survey.hasNothing(from: last.to, to: window.to) {
            newest = Span(range: pages.removeLast(), isNewest: true)
        }
        let beyond = survey.beyondRetention.map { Span(range: $0, isNewest: false, isKept: false) }
        spans =
            [newest].compactMap { $0 } + pages.reversed().map { Span(range: $0, isNewest: false) }
            + [beyond].compactMap { $0 }
    }

    /// The same gaps in no more requests than are allowed; only the widest stretches between them are left out.
    static func joined(_ pages: [TimeRange], most: Int = mostRequests) -> [TimeRange] {
        guard pages.count > most else { return pages }
        let between = zip(pages, pages.dropFirst()).map { $1.from.seconds - $0.to.seconds }
        let ends = Set(between.indices.sorted { between[$0] > between[$1] }.prefix(most - 1))
        var joined: [TimeRange] = []
        var from: Timestamp?
        for (index, page) in pages.enumerated() {
            let start = from ?? page.from
            from = start
            guard ends.contains(index) || index == pages.count - 1 else { continue }
            joined.append(TimeRange(from: start, to: page.to))
            from = nil
        }
        return joined
    }

    /// Where a bar opens that is not over yet, or was reported so soon after its end that the exchange's closing values
    /// may differ; `nil` while the market is closed. Where no calendar says, one may always be forming.
    fileprivate static func forming(_ survey: SeriesSurvey, _ heard: Timestamp?) -> Timestamp? {
        guard let boundaries = survey.boundaries else {
            return survey.now.advanced(bySeconds: -survey.key.interval.longestSeconds)
        }
        let bar = boundaries.latestBar(at: survey.now)
        if bar.to > survey.now { return bar.from }
        guard let heard else { return nil }
        return heard < bar.to.advanced(bySeconds: FetchedPage.settlingSeconds) ? bar.from : nil
    }
}

extension SeriesSurvey {
    /// The part of the range that the store does not keep, although it may have had bars.
    fileprivate var beyondRetention: TimeRange? {
        guard let end = coverage.spans.last(where: { $0.state == .removed })?.range.to else { return nil }
        return TimeRange(from: range.from, to: min(end, range.to))
    }

    /// The same where some spans are known to hold nothing.
    func without(_ gaps: [Gap]) -> SeriesSurvey {
        var coverage = coverage
        for gap in gaps { coverage.add(CoverageSpan(gap.range, .empty(.noTrades))) }
        return SeriesSurvey(
            of: key, over: range, coverage: coverage, openings: openings, boundaries: boundaries, now: now,
            keptSince: keptSince)
    }

    /// What is unknown of some gaps.
    func unknown(of gaps: [Gap]) -> [Gap] {
        guard !gaps.isEmpty else { return [] }
        return unknown.flatMap { span in
            gaps.compactMap { gap in
                let part = TimeRange(from: max(span.from, gap.range.from), to: min(span.to, gap.range.to))
                return part.from < part.to ? Gap(range: part, reason: gap.reason) : nil
            }
        }
    }

    /// The gaps of a response where a span could not be fetched: bars that must exist, and the newest one. Time without
    /// trading by the calendar is not missing.
    func missing(within span: MissingSpans.Span, heard: Timestamp?) -> [TimeRange] {
        guard boundaries != nil, span.isKept else { return [span.range] }
        var missing = CoverageMap(self.missing.map { CoverageSpan($0, .had) })
        if span.isNewest, let forming = MissingSpans.forming(self, heard) {
            missing.add(CoverageSpan(TimeRange(from: forming, to: now), .had))
        }
        return missing.spans(in: span.range).filter { $0.state == .had }.map(\.range)
    }

    /// Whether no bar is known to be stored between two instants.
    fileprivate func hasNothing(from: Timestamp, to: Timestamp) -> Bool {
        guard from < to else { return true }
        let range = TimeRange(from: from, to: to)
        return !coverage.spans(in: range).contains { $0.state == .had }
    }
}

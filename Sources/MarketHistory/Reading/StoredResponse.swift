import MarketData
import MarketStore

/// The outcome of fetching the unknown spans of a window, newest first. Pure.
struct FetchOutcome: Sendable {
    /// The responses, newest first.
    private(set) var responses: [BarSeries] = []
    /// What is missing, by reason.
    private var missing: [String: RangeSet<Timestamp>] = [:]
    /// The first failure.
    private(set) var failure: MarketDataError?
    /// Why the source shows nothing older.
    private(set) var shortfall: BarSeries.Shortfall?

    /// Whether no source was needed, with or without success.
    var isFromStore: Bool { responses.isEmpty && failure == nil }

    /// Whether older spans may be fetched.
    var mayContinue: Bool { failure == nil && shortfall == nil }

    /// What is missing, and why, ascending; what is missing twice for one reason is one gap.
    var gaps: [Gap] {
        missing.flatMap { reason, time in time.spans.map { Gap(range: $0, reason: reason) } }
            .sorted { ($0.range.from, $0.reason) < ($1.range.from, $1.reason) }
    }

    /// A span was fetched.
    mutating func add(_ series: BarSeries, to range: TimeRange, shortfall: BarSeries.Shortfall?) {
        responses.append(series)
        add(series.gaps)
        guard let shortfall else { return }
        self.shortfall = shortfall
        let first = series.bars.first?.time ?? range.to
        skip([TimeRange(from: range.from, to: min(first, range.to))])
    }

    /// Spans could not be fetched.
    mutating func fail(_ ranges: [TimeRange], _ error: MarketDataError) {
        failure = failure ?? error
        skip(ranges)
    }

    /// Spans were not fetched, for the reason that a newer one ended with. Before the beginning of history nothing is
    /// missing.
    mutating func skip(_ ranges: [TimeRange]) {
        guard let reason = failure?.code.rawValue ?? shortfall?.rawValue,
            failure != nil || shortfall != .startOfHistory
        else { return }
        missing[reason, default: RangeSet()].formUnion(RangeSet(ranges))
    }

    /// A source reported gaps, now or not long ago.
    mutating func add(_ gaps: [Gap]) {
        for gap in gaps { missing[gap.reason, default: RangeSet()].formUnion(RangeSet([gap.range])) }
    }
}

/// Builds a response from stored and newly fetched bars. Pure.
struct StoredResponse {
    let request: BarRequest
    let instrument: Instrument?
    /// What the store has of the window; its forming bars are of the past and are left out.
    let stored: StoredBars
    let fetched: FetchOutcome
    let now: Timestamp
    /// Whether history is known to begin after the window does.
    let historyBegins: Bool

    /// The response, with its shortfall and gaps.
    var series: BarSeries {
        var requested = TimeRange.always
        if case .range(let range) = request.span { requested = range }
        var all = fetched.responses.reduce(stored.filter(\.isFinal)) { $0.merged(with: $1, in: requested) }
        if case .count(let count) = request.span, let first = all.bars.suffix(count).first?.time {
            all = all.filter { $0.time >= first }
        }
        let origins = origins(of: all)
        let provenance = fetched.responses.first?.provenance ?? StoredResponse.fromStore(origins, now: now)
        var series = BarSeries(request: request, instrument: instrument, bars: all.bars, provenance: provenance)
        series.origins = origins
        series.rolls = rolls(of: all.bars)
        addMissing(to: &series)
        return series
    }

    /// The origins of the bars that this request's fetches did not return or confirm.
    private func origins(of all: StoredBars) -> [BarOrigin] {
        let live = Set(fetched.responses.map(\.provenance))
        var origins: [BarOrigin] = []
        for stretch in all.stretches where !live.contains(stretch.provenance) {
            let bars = all.bars[stretch.indices]
            guard let first = bars.first?.time, let last = bars.last?.time else { continue }
            let origin = BarOrigin(first: first, last: last, provenance: stretch.provenance)
            if let former = origins.last, former.joins(origin) {
                origins[origins.count - 1].last = last
                origins[origins.count - 1].provenance.asOf = max(former.provenance.asOf, origin.provenance.asOf)
            } else {
                origins.append(origin)
            }
        }
        return origins
    }

    /// The provenance of a response from the store alone: as of the newest stored response in it.
    private static func fromStore(_ origins: [BarOrigin], now: Timestamp) -> Provenance {
        let feeds = Set(origins.map(\.provenance.feed))
        let isSimulated = origins.contains { $0.provenance.mode == .simulated }
        return Provenance(
            source: .store, feed: feeds.count == 1 ? feeds.first ?? nil : nil,
            mode: isSimulated ? .simulated : .recorded,
            delaySeconds: nil, asOf: origins.map(\.provenance.asOf).max() ?? now)
    }

    /// Rolls are known only if one response reported all bars.
    private func rolls(of bars: [Bar]) -> [ContractRoll]? {
        guard let first = bars.first?.time else { return nil }
        let whole = fetched.responses.first { $0.bars.first.map { $0.time <= first } ?? false }
        return whole?.rolls?.filter { $0.time >= first }
    }

    /// What is missing at the beginning is the response's shortfall where the source shows no more, and else a gap.
    private func addMissing(to series: inout BarSeries) {
        let first = series.bars.first?.time
        var isShort = true
        if case .count(let count) = request.span { isShort = series.bars.count < count }
        if isShort, historyBegins || fetched.shortfall == .startOfHistory { series.shortfall = .startOfHistory }
        for gap in fetched.gaps {
            let isBefore = first.map { gap.range.to <= $0 }
            if isBefore == true, !isShort { continue }
            if let shortfall = BarSeries.Shortfall(rawValue: gap.reason), isBefore ?? true {
                series.shortfall = shortfall
            } else {
                series.gaps.append(gap)
            }
        }
    }
}

extension BarOrigin {
    /// Whether source and mode are the same, so that both can be listed as one.
    fileprivate func joins(_ other: BarOrigin) -> Bool {
        var same = other.provenance
        same.asOf = provenance.asOf
        return same == provenance
    }
}

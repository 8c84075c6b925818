import MarketData
import MarketStore

/// The outcome of fetching the missing spans of a window, newest first. Pure.
struct Gathering: Sendable {
    /// The responses, newest first.
    private(set) var answers: [BarSeries] = []
    /// The gaps with their reasons, as reported.
    private var named: [Gap] = []
    /// The first failure.
    private(set) var failure: MarketDataError?
    /// Why the source shows nothing older.
    private(set) var shortfall: BarSeries.Shortfall?

    /// Whether to request older spans.
    var mayGoOn: Bool { failure == nil && shortfall == nil }

    /// What is missing, and why, ascending; what is said twice for one reason is one gap.
    var gaps: [Gap] {
        var joined: [String: [TimeRange]] = [:]
        for gap in named.sorted(by: { $0.range.from < $1.range.from }) {
            var ranges = joined[gap.reason] ?? []
            if let last = ranges.last, gap.range.from < last.to {
                ranges[ranges.count - 1] = TimeRange(from: last.from, to: max(last.to, gap.range.to))
            } else {
                ranges.append(gap.range)
            }
            joined[gap.reason] = ranges
        }
        let gaps = joined.flatMap { reason, ranges in ranges.map { Gap(range: $0, reason: reason) } }
        return gaps.sorted { ($0.range.from, $0.reason) < ($1.range.from, $1.reason) }
    }

    /// A span was fetched.
    mutating func add(_ series: BarSeries, to range: TimeRange, reach: FetchedPage.Reach) {
        answers.append(series)
        named += series.gaps
        let first = series.bars.first?.time ?? range.to
        switch reach {
        case .whole: break
        case .historyBegins: shortfall = .startOfHistory
        case .ends(let reason):
            shortfall = reason
            note(TimeRange(from: range.from, to: min(first, range.to)), reason.rawValue)
        }
    }

    /// Spans could not be fetched.
    mutating func fail(_ ranges: [TimeRange], _ error: MarketDataError, now: Timestamp) {
        failure = failure ?? error
        for range in ranges { note(TimeRange(from: range.from, to: min(range.to, now)), error.code.rawValue) }
    }

    /// Of these spans the source said not long ago that it has no bars.
    mutating func add(known gaps: [Gap]) { named += gaps }

    /// A span was not requested, because a newer one reported that it would be in vain.
    mutating func skip(_ range: TimeRange, now: Timestamp) {
        if let failure { return fail([range], failure, now: now) }
        // Before the beginning of history there is nothing to miss.
        guard let shortfall, shortfall != .startOfHistory else { return }
        note(range, shortfall.rawValue)
    }

    private mutating func note(_ range: TimeRange, _ reason: String) {
        if range.from < range.to { named.append(Gap(range: range, reason: reason)) }
    }
}

/// Builds a response from stored and newly fetched bars. Pure.
struct StoredAnswer {
    let request: BarRequest
    let instrument: Instrument?
    /// What the store has of the window; its forming bars are of the past and are left out.
    let stored: StoredBars
    let gathering: Gathering
    /// Whether history is known to begin after the window does.
    let historyBegins: Bool
    let now: Timestamp

    /// The response, with its shortfall and gaps.
    var series: BarSeries {
        let fresh = fresh
        let bars = bars(with: fresh)
        var series = BarSeries(
            request: request, instrument: instrument, bars: bars, provenance: StoredAnswer.fromStore([], now: now))
        series.origins = origins(of: bars, beside: fresh)
        series.provenance = gathering.answers.first?.provenance ?? StoredAnswer.fromStore(series.origins, now: now)
        series.rolls = rolls(of: bars)
        addMissing(to: &series)
        return series
    }

    /// Final bars of the store, and what has just come: the forming bar above all, and what could not be written.
    private func bars(with fresh: [Timestamp: Bar]) -> [Bar] {
        var bars = stored.bars.filter { $0.isFinal && fresh[$0.time] == nil }
        if !fresh.isEmpty { bars = (bars + fresh.values).sorted { $0.time < $1.time } }
        guard case .count(let count) = request.span, bars.count > count else { return bars }
        return Array(bars.suffix(count))
    }

    /// Of the bars that have just come, those that stand: where the store has a final one, only a final one that is no
    /// older. It is the same as the stored one, or else a revision that the store could not take in.
    private var fresh: [Timestamp: Bar] {
        let heard = heard
        var fresh: [Timestamp: Bar] = [:]
        for answer in gathering.answers {
            for bar in answer.bars where isAsked(bar.time) && (bar.isFinal || fresh[bar.time] == nil) {
                if let known = heard[bar.time], !bar.isFinal || answer.provenance.asOf < known { continue }
                if fresh[bar.time]?.isFinal != true { fresh[bar.time] = bar }
            }
        }
        return fresh
    }

    /// As of when the store knows its final bars, from the first to the last of those that have just come.
    private var heard: [Timestamp: Timestamp] {
        let first = gathering.answers.compactMap(\.bars.first?.time).min()
        let last = gathering.answers.compactMap(\.bars.last?.time).max()
        guard let first, let last else { return [:] }
        var heard: [Timestamp: Timestamp] = [:]
        for stretch in stored.stretches {
            for bar in stored.bars[stretch.indices] where bar.isFinal && bar.time >= first && bar.time <= last {
                heard[bar.time] = stretch.provenance.asOf
            }
        }
        return heard
    }

    private func isAsked(_ time: Timestamp) -> Bool {
        guard case .range(let range) = request.span else { return true }
        return range.contains(time)
    }

    /// The origins of the bars that this request's fetches did not return or confirm.
    private func origins(of bars: [Bar], beside fresh: [Timestamp: Bar]) -> [BarOrigin] {
        guard let first = bars.first?.time else { return [] }
        let live = Set(gathering.answers.map(\.provenance))
        var origins: [BarOrigin] = []
        for stretch in stored.stretches where !live.contains(stretch.provenance) {
            let part = stored.bars[stretch.indices].filter {
                $0.isFinal && $0.time >= first && fresh[$0.time] == nil
            }
            guard let oldest = part.first?.time, let newest = part.last?.time else { continue }
            let origin = BarOrigin(first: oldest, last: newest, provenance: stretch.provenance)
            if let last = origins.last, last.joins(origin) {
                origins[origins.count - 1].last = newest
                origins[origins.count - 1].provenance.asOf = max(last.provenance.asOf, origin.provenance.asOf)
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
        guard let first = bars.first?.time,
            let answer = gathering.answers.first(where: { ($0.bars.first?.time ?? .distantFuture) <= first })
        else { return nil }
        return answer.rolls?.filter { $0.time >= first }
    }

    private func addMissing(to series: inout BarSeries) {
        let first = series.bars.first?.time
        var isShort = true
        if case .count(let count) = request.span { isShort = series.bars.count < count }
        if isShort, historyBegins || gathering.shortfall == .startOfHistory { series.shortfall = .startOfHistory }
        for gap in gathering.gaps.sorted(by: { $0.range.from < $1.range.from }) {
            if let first, !isShort, gap.range.to <= first { continue }
            let shortfall = BarSeries.Shortfall(rawValue: gap.reason)
            if let shortfall, gap.range.to <= first ?? .distantFuture {
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

extension Timestamp {
    static let distantFuture = Timestamp(milliseconds: .max)
    /// Before any exchange's first bar: 1792-05-17, when New York's brokers agreed on theirs.
    static let beforeExchanges = Timestamp(seconds: -5_604_595_200)
}

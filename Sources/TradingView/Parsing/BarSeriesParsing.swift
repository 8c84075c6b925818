import JSON
import MarketData
import TradingViewProtocol

extension SeriesLoad {
    /// The response, in Bhav's words.
    /// - Parameter now: About what time it is, for where the server does not say.
    func series(at now: Timestamp) -> BarSeries {
        var bars = ledger.bars
        if !bars.isEmpty { bars[bars.count - 1].isFinal = isLastFinal }
        switch request.barRequest.span {
        case .count(let count): bars = Array(bars.suffix(count))
        case .range(let range): bars = bars.filter { range.contains($0.time) }
        }
        var series = BarSeries(
            request: request.barRequest, instrument: instrument, bars: bars, shortfall: shortfall,
            gaps: [], provenance: provenance(at: now))
        series.gaps = gaps(among: bars, at: series.provenance.asOf)
        if request.barRequest.hours == .regular { series.unjudged = resolved?.unreadableHours }
        if let damage {
            series.notes.append(
                "a packet beside the bars could not be read (\(damage)); the bars are complete nevertheless")
        }
        if let first = bars.first?.time { series.rolls = knownRolls.map { rolls in rolls.filter { $0.time >= first } } }
        return series
    }

    /// Whether the newest bar was over when upstream sent it; without a stamp of upstream's it counts as forming.
    var isLastFinal: Bool {
        guard let last = ledger.bars.last, let sentNewest else { return false }
        return barClose.isFinal(last, at: sentNewest)
    }

    private func gaps(among bars: [Bar], at asOf: Timestamp) -> [Gap] {
        guard let finder = HistoryGaps(resolved, request: request.barRequest) else { return [] }
        guard case .range(let range) = request.barRequest.span else { return finder.gaps(in: bars) }
        // Bars outside the range came along; they show gaps at its ends, and in a range without any bars.
        let end = min(range.to, asOf.advanced(bySeconds: -HistoryGaps.settlingSeconds))
        return finder.gaps(in: ledger.bars, until: end).compactMap { gap in
            let (from, to) = (max(gap.range.from, range.from), min(gap.range.to, range.to))
            return from < to ? Gap(range: TimeRange(from: from, to: to), reason: gap.reason) : nil
        }
    }

    var barClose: BarClose {
        BarClose(
            interval: request.barRequest.interval, session: resolved?.session, announced: announcedClose,
            delaySeconds: updateMode.secondsUntilFinal)
    }

    /// How fresh the series is: as `series_completed` says, which is invalid without a mode, before it as the
    /// symbol says. Where neither says, the mode is unknown, never live: `Provenance.Mode` has no case for that, and
    /// `.delayed` with a delay that is not known is the least that it can claim.
    private var updateMode: UpdateMode {
        completion?.updateMode ?? resolved?.updateMode ?? .other("")
    }

    var instrument: Instrument? {
        resolved.map { symbol in
            Instrument(
                symbol: request.barRequest.symbol,
                description: symbol.summary,
                type: symbol.type,
                currency: symbol.currencyCode,
                country: symbol.country,
                timeZone: symbol.timeZone,
                session: symbol.session,
                hasVolume: symbol.hasVolume,
                priceScale: symbol.priceScale.flatMap(Int.init(exactly:)),
                minimumMove: symbol.minMove.flatMap(Int.init(exactly:))
            )
        }
    }

    func provenance(at now: Timestamp) -> Provenance {
        let mode = updateMode
        let delay = mode.delaySeconds
        return Provenance(
            source: .tradingview,
            feed: resolved?.fullName ?? resolved?.proName,
            mode: mode.provenanceMode,
            delaySeconds: delay,
            asOf: (serverTime ?? now).advanced(bySeconds: -Int64(delay ?? 0))
        )
    }
}

extension UpdateMode {
    /// How long after its close a bar may still form. A mode that is neither live nor end of day and gives no
    /// number counts as the usual quarter of an hour.
    var secondsUntilFinal: Int {
        switch self {
        case .streaming, .endOfDay: 0
        case .delayedStreaming(let seconds): seconds ?? UpdateMode.usualDelay
        case .snapshot, .pulsed, .other: UpdateMode.usualDelay
        }
    }

    /// Seconds by which exchanges delay data for those who do not pay for them (`delayed_streaming_900`).
    private static let usualDelay = 900
}

/// The bars of one series, ascending, each time once; the newest state wins.
///
/// Upstream's indexes move with paging, so bars are identified by their time alone.
struct BarLedger {
    private(set) var bars: [Bar] = []

    /// Merges bars in the order of arrival.
    /// - Parameter known: The times whose bars stay as they are.
    /// - Returns: How many of them were of a time not known before.
    @discardableResult
    mutating func merge(_ incoming: [Bar], keeping known: Set<Timestamp> = []) -> Int {
        let incoming = known.isEmpty ? incoming : incoming.filter { !known.contains($0.time) }
        let before = bars.count
        let ordered = BarLedger.ordered(incoming)
        guard let first = ordered.first, let last = ordered.last else { return 0 }
        if bars.isEmpty || last.time < bars[0].time {
            bars.insert(contentsOf: ordered, at: 0)
        } else if let newest = bars.last, newest.time < first.time {
            bars.append(contentsOf: ordered)
        } else {
            mergeOverlapping(ordered, from: first.time)
        }
        return bars.count - before
    }

    /// Drops all but the newest bars, and their memory.
    mutating func keepNewest(_ count: Int) {
        if bars.count > count { bars = bars.suffix(count) }
    }

    private mutating func mergeOverlapping(_ ordered: [Bar], from start: Timestamp) {
        let keep = bars.firstIndex { $0.time >= start } ?? bars.count
        var merged: [Bar] = []
        merged.reserveCapacity(bars.count - keep + ordered.count)
        var (old, new) = (keep, 0)
        while old < bars.count || new < ordered.count {
            if new == ordered.count || (old < bars.count && bars[old].time < ordered[new].time) {
                merged.append(bars[old])
                old += 1
            } else {
                if old < bars.count, bars[old].time == ordered[new].time { old += 1 }
                merged.append(ordered[new])
                new += 1
            }
        }
        bars.replaceSubrange(keep..., with: merged)
    }

    /// Sorted by time; of several with one time, the last received.
    private static func ordered(_ incoming: [Bar]) -> [Bar] {
        let isAscending = zip(incoming, incoming.dropFirst()).allSatisfy { $0.time < $1.time }
        if isAscending { return incoming }
        var newest: [Timestamp: Bar] = [:]
        for bar in incoming { newest[bar.time] = bar }
        return newest.values.sorted { $0.time < $1.time }
    }
}

/// When the last bar of a series closes, and so whether it is final.
///
/// A bar is over when a later one opens or when its close time has passed. The source reports the close of the last bar
/// (`lbs.bar_close_time`); where it does not, the interval does, or the session for a daily bar.
struct BarClose {
    let interval: Interval
    /// The instrument's regular hours as TradingView writes them, such as `0915-1530`.
    var session: String?
    /// The close of the last bar as the source reported it.
    var announced: Timestamp?
    /// How late the data are: a delayed bar still forms after its close.
    var delaySeconds = 0

    /// Whether the last bar of the series is over at an instant.
    func isFinal(_ bar: Bar, at now: Timestamp) -> Bool {
        closeTime(of: bar).advanced(bySeconds: Int64(delaySeconds)) <= now
    }

    /// The close of the last bar of the series. The announced close may be of an earlier bar, or of the newest one
    /// where the series ends before it.
    func closeTime(of bar: Bar) -> Timestamp {
        let latest = bar.time.advanced(
            bySeconds: interval.seconds ?? Int64(interval.count) * max(86_400, longestSeconds))
        if let announced, announced > bar.time, announced <= latest { return announced }
        return nominalClose(of: bar)
    }

    /// The close of any bar, by its interval and the session alone.
    func nominalClose(of bar: Bar) -> Timestamp {
        if let seconds = interval.seconds { return bar.time.advanced(bySeconds: seconds) }
        return bar.time.advanced(bySeconds: Int64(interval.count) * longestSeconds)
    }

    private var longestSeconds: Int64 {
        switch interval.unit {
        case .week, .month: interval.longestSeconds / Int64(interval.count)
        default: interval.count == 1 ? sessionSeconds : 86_400
        }
    }

    /// From the first opening to the last close of a trading day; a whole day where the session is invalid.
    private var sessionSeconds: Int64 { session.flatMap(SessionSchedule.longestDay(of:)) ?? 86_400 }
}

/// Whether the instrument that TradingView resolved is the one that was requested for.
///
/// `NASDAQ:AAPL` may resolve to the feed `BATS:AAPL`, or to a delayed feed; both name the instrument they represent.
enum SymbolMatch {
    static func matches(_ resolved: ResolvedSymbol, wireName: String) -> Bool {
        let requested = withoutDelay(wireName)
        var names = [resolved.fullName, resolved.proName, resolved.originalName].compactMap { $0 }
        guard !names.isEmpty || resolved.name != nil else { return true }
        names += resolved.alternatives
        for field in ["base_name", "aliases", "legs"] {
            names += resolved.fields[field]?.array?.compactMap(\.string) ?? []
        }
        if let name = resolved.name {
            names += [resolved.listedExchange, resolved.exchange].compactMap { $0.map { "\($0):\(name)" } }
        }
        return names.contains { withoutDelay($0.uppercased()) == requested }
    }

    /// Takes the mark of a delayed twin away from the exchange: `NASDAQ_DLY:NDX`, `CME_MINI_DL:ES1!`.
    private static func withoutDelay(_ name: String) -> String {
        name.replacing("_DLY:", with: ":").replacing("_DL:", with: ":")
    }
}

import MarketData
import TradingViewProtocol

extension SeriesLoad {
    /// The answer, in Bhav's words.
    /// - Parameter now: About what time it is, for where the server does not say.
    func series(at now: Timestamp) -> BarSeries {
        var bars = ledger.bars
        if !bars.isEmpty { bars[bars.count - 1].isFinal = isLastFinal }
        switch question.request.span {
        case .count(let count): bars = Array(bars.suffix(count))
        case .range(let range): bars = bars.filter { range.contains($0.time) }
        }
        var series = BarSeries(
            request: question.request, instrument: instrument, bars: bars, shortfall: shortfall,
            gaps: [], provenance: provenance(at: now))
        series.gaps = gaps(among: bars, at: series.provenance.asOf)
        if question.request.hours == .regular { series.unjudged = resolved?.unreadableHours }
        if let damage {
            series.notes.append(
                "a packet beside the bars could not be read (\(damage)); the bars are whole all the same")
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
        guard let holes = HistoryHoles(resolved, request: question.request) else { return [] }
        guard case .range(let range) = question.request.span else { return holes.gaps(in: bars) }
        // Bars beside the range came with it; they tell of holes at its ends, and in a range that holds none at all.
        let end = min(range.to, asOf.advanced(bySeconds: -HistoryHoles.settlingSeconds))
        return holes.gaps(in: ledger.bars, until: end).compactMap { gap in
            let (from, to) = (max(gap.range.from, range.from), min(gap.range.to, range.to))
            return from < to ? Gap(range: TimeRange(from: from, to: to), reason: gap.reason) : nil
        }
    }

    var barClose: BarClose {
        BarClose(
            interval: question.request.interval, session: resolved?.session, announced: announcedClose,
            delaySeconds: updateMode.secondsUntilFinal)
    }

    /// How fresh the series is: as `series_completed` says, which cannot be read without a mode, before it as the
    /// symbol says. Where neither has told, the mode is unknown, never live: `Provenance.Mode` has no word for that, and
    /// `.delayed` with a delay that is not known is the least that it can claim.
    private var updateMode: UpdateMode {
        completion?.updateMode ?? resolved?.updateMode ?? .other("")
    }

    var instrument: Instrument? {
        resolved.map { symbol in
            Instrument(
                symbol: question.request.symbol,
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
    /// How long after its close a bar may still form. A mode that is neither live nor of the day's end and tells no
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

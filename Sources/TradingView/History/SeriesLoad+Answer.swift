import MarketData
import TradingViewProtocol

extension SeriesLoad {
    /// The answer, in Bhav's words.
    /// - Parameter now: Our clock, for where the server does not tell its own.
    func series(at now: Timestamp) -> BarSeries {
        var bars = ledger.bars
        if let last = bars.last { bars[bars.count - 1].isFinal = barClose.isFinal(last, at: serverTime ?? now) }
        switch question.request.span {
        case .count(let count): bars = Array(bars.suffix(count))
        case .range(let range): bars = bars.filter { range.contains($0.time) }
        }
        return BarSeries(
            request: question.request, instrument: instrument, bars: bars, shortfall: shortfall,
            provenance: provenance(at: now))
    }

    var barClose: BarClose {
        BarClose(
            interval: question.request.interval, session: resolved?.session, announced: announcedClose,
            delaySeconds: completion?.updateMode.delaySeconds ?? 0)
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
                hasVolume: symbol.hasVolume
            )
        }
    }

    func provenance(at now: Timestamp) -> Provenance {
        let mode = completion?.updateMode
        let delay = mode?.delaySeconds
        return Provenance(
            source: .tradingview,
            feed: resolved?.fullName ?? resolved?.proName,
            mode: mode?.provenanceMode ?? .delayed,
            delaySeconds: delay,
            asOf: (serverTime ?? now).advanced(bySeconds: -Int64(delay ?? 0))
        )
    }
}

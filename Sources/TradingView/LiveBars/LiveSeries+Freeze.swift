import MarketData
import TradingViewProtocol

extension LiveSeries {
    /// How long after the close a series may still get what came before it.
    private static let settlingSeconds: Int64 = 300

    /// Whether the instrument trades, or did a moment ago; also where its hours are not known.
    func mayTrade(at now: Timestamp) -> Bool {
        guard let resolved = load?.resolved, let schedule = resolved.schedule else { return true }
        let minutes = SessionBars(interval: .oneMinute, schedule: schedule)
        let before = now.advanced(bySeconds: -LiveSeries.settlingSeconds)
        let symbol = question.request.symbol
        let isIndian = IndianMarket.keepsUsualHours(symbol, session: resolved.session)
        let segment = symbol.segment(type: resolved.type)
        return [now, before].contains { moment in
            guard minutes.bar(containing: moment) != nil else { return false }
            return !isIndian || TradingCalendar.nse.tradesContinuously(at: moment, segment: segment)
        }
    }

    /// Whether an answer of now holds figures that the stream has not brought.
    func lags(behind answer: BarSeries) -> Bool {
        guard let bars = load?.ledger.bars, let newest = bars.last else { return false }
        return answer.bars.contains { bar in
            guard bar.time >= newest.time else { return false }
            guard let known = bars.last(where: { $0.time == bar.time }) else { return true }
            return LiveSeries.figures(known) != LiveSeries.figures(bar)
        }
    }

    private static func figures(_ bar: Bar) -> [Double?] {
        [bar.open, bar.high, bar.low, bar.close, bar.volume]
    }
}

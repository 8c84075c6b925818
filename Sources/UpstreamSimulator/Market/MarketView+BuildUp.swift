import MarketData
import MockMarket

extension MarketView {
    /// The intervals of the newest trading day that have ended; empty for a contract that is not listed.
    func buildUp(_ asked: BuildUpQuestion, at now: Timestamp) -> [BuildUpText.Row] {
        let symbol = Symbol(exchange: "NSE", ticker: asked.code)
        let session = calendar.latestSession(at: now, segment: .derivatives)
        let length = Int64(asked.minutes * 60)
        let ends = stride(from: session.opens.seconds, to: session.closes.seconds, by: Int(length)).map {
            (Timestamp(seconds: $0), min(Timestamp(seconds: $0 + length), session.closes))
        }
        let ended = ends.filter { $0.1 <= now }
        switch asked.contract {
        case .future: return futureRows(of: symbol, expiry: asked.expiry, ended, length, at: now)
        case .option(let strike, let type):
            // At the close itself an expiry of today is over.
            let latest = session.closes.advanced(bySeconds: -1)
            return optionRows(of: symbol, expiry: asked.expiry, strike, type, ended, notAfter: latest)
        }
    }

    private func optionRows(
        of symbol: Symbol, expiry: CalendarDate, _ strike: Strike, _ type: OptionType,
        _ intervals: [(from: Timestamp, to: Timestamp)], notAfter latest: Timestamp
    ) -> [BuildUpText.Row] {
        var traded = 0.0
        return intervals.compactMap { interval in
            let moment = min(interval.to, latest)
            guard let side = option(strike, of: symbol, expiry: expiry, at: moment)?[type],
                let openInterest = side.openInterest
            else { return nil }
            let volume = side.volume ?? 0
            defer { traded = volume }
            // What nobody traded yet has no price.
            let close = volume > 0 ? side.last : nil
            return BuildUpText.Row(
                from: IndianTime.split(interval.from).time, to: IndianTime.split(interval.to).time, close: close,
                low: close, high: close, openInterest: openInterest, volume: volume - traded
            )
        }
    }

    private func futureRows(
        of underlying: Symbol, expiry: CalendarDate, _ intervals: [(from: Timestamp, to: Timestamp)],
        _ length: Int64, at now: Timestamp
    ) -> [BuildUpText.Row] {
        guard let first = intervals.first, let last = intervals.last,
            let interval = Interval(Int(length / 60), .minute),
            let rank = futuresExpiries(of: underlying, at: now).firstIndex(of: expiry)
        else { return [] }
        let future = Symbol(exchange: underlying.exchange, ticker: "\(underlying.ticker)\(rank + 1)!")
        let range = TimeRange(from: first.from, to: last.to)
        let bars = (try? market.bars(of: future, interval: interval, within: range, at: now)) ?? []
        return bars.compactMap { bar in
            guard let openInterest = bar.openInterest else { return nil }
            let end = min(bar.time.advanced(bySeconds: length), last.to)
            return BuildUpText.Row(
                from: IndianTime.split(bar.time).time, to: IndianTime.split(end).time, close: bar.close, low: bar.low,
                high: bar.high, openInterest: openInterest, volume: bar.volume ?? 0
            )
        }
    }
}

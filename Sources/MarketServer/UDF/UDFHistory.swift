import Foundation
import MarketData
import MarketHub

/// One request for past bars as the charting library makes it: up to `to`, and then either from `from` on or, which takes
/// precedence, exactly the last `countback` bars.
struct UDFHistory: Sendable {
    let symbol: Symbol
    let interval: Interval
    let from: Timestamp
    let to: Timestamp
    let countback: Int?
    let currency: String?

    /// A bar under the time that the protocol gives it.
    struct Stamped {
        let time: Timestamp
        let bar: Bar
    }

    /// The response to the request.
    struct Page {
        /// The bars, ascending.
        var bars: [Stamped] = []
        /// Where the range is empty, the time of the newest bar before it; `nil` where history has none.
        var earlier: Timestamp?
        /// The last series that was fetched, for its provenance.
        var series: BarSeries?
    }

    /// The bars, or where the nearest ones lie before a range without any.
    /// - Throws: `MarketDataError`.
    func page(from hub: MarketHub, now: Timestamp) async throws -> Page {
        if let countback { return try await newest(countback, before: to, hub, now: now) }
        guard from < to else { throw MarketDataError.badRequest("'from' must lie before 'to'") }
        var page = try await window(from, to, hub)
        guard page.bars.isEmpty else { return page }
        page.earlier = try await newest(1, before: from, hub, now: now).bars.last?.time
        return page
    }

    /// The newest bars before an instant, however far back they lie.
    private func newest(_ count: Int, before end: Timestamp, _ hub: MarketHub, now: Timestamp) async throws -> Page {
        if end > now {
            let newest = try await fetch(hub, .count(count))
            guard newest.bars.contains(where: { $0.time >= end }) else { return newest }
        }
        var found = Page()
        var end = end
        var reach = firstReach(count)
        for _ in 0..<UDFHistory.mostSteps {
            var page = try await window(end.advanced(bySeconds: -reach), end, hub)
            let isAll = page.series?.shortfall == .startOfHistory || page.series?.shortfall == .planLimit
            page.bars += found.bars
            page.series = page.series ?? found.series
            let isWider = page.bars.count > found.bars.count
            found = page
            if found.bars.count >= count || isAll { break }
            // If a whole window added nothing, daily bars show how far back the next bars are.
            let start = end.advanced(bySeconds: -reach)
            guard let next = isWider ? start : try await endOfTrading(before: start, hub) else { break }
            end = min(next, start)
            reach = min(reach * 2, UDFHistory.longestReach(interval))
        }
        found.bars = found.bars.suffix(count)
        return found
    }

    /// The end of the last day with any trading before an instant; `nil` where there is none.
    private func endOfTrading(before end: Timestamp, _ hub: MarketHub) async throws -> Timestamp? {
        guard end > UDFHistory.beginning else { return nil }
        let days = BarRequest(
            symbol: symbol, interval: interval.isIntraday ? .oneDay : interval,
            span: .range(TimeRange(from: UDFHistory.beginning, to: end)))
        do {
            let last = try await hub.bars(days).unbroken.bars.last { $0.time < end }
            return last.map { min($0.time.advanced(bySeconds: UDFHistory.day * (interval.isIntraday ? 1 : 32)), end) }
        } catch let error as MarketDataError where error.code == .noDataForTime {
            return nil
        }
    }

    /// The bars whose times lie within a span.
    private func window(_ from: Timestamp, _ to: Timestamp, _ hub: MarketHub) async throws -> Page {
        // A day's bar opens up to a day away from 00:00 UTC of its trading day, in either direction.
        let margin = interval.isIntraday ? 0 : UDFHistory.day * 3 / 2
        let range = TimeRange(from: from.advanced(bySeconds: -margin), to: to.advanced(bySeconds: margin))
        var page = try await fetch(hub, .range(range))
        page.bars = page.bars.filter { from <= $0.time && $0.time < to }
        return page
    }

    private func fetch(_ hub: MarketHub, _ span: BarRequest.Span) async throws -> Page {
        do {
            let request = BarRequest(symbol: symbol, interval: interval, span: span, currency: currency)
            let series = try await hub.bars(request).unbroken
            return Page(bars: UDFHistory.stamped(series), series: series)
        } catch let error as MarketDataError where error.code == .noDataForTime {
            return Page()
        }
    }

    /// The bars of a series under the protocol's times: those of days, weeks and months at 00:00 UTC of their (first)
    /// trading day, whenever its session opens.
    static func stamped(_ series: BarSeries) -> [Stamped] {
        guard !series.request.interval.isIntraday else { return series.bars.map { Stamped(time: $0.time, bar: $0) } }
        let instrument = located(series)
        return series.bars.map { bar in
            let date = instrument.tradingDay(ofBarOpeningAt: bar.time)
            return Stamped(time: date.map(midnight) ?? bar.time, bar: bar)
        }
    }

    /// 00:00 UTC of the trading day whose session opens at an instant.
    static func stamp(of opening: Timestamp, _ series: BarSeries) -> Timestamp {
        located(series).tradingDay(ofBarOpeningAt: opening).map(midnight) ?? opening
    }

    /// The instrument of a series, with a zone.
    private static func located(_ series: BarSeries) -> Instrument {
        var instrument = series.instrument ?? Instrument(symbol: series.request.symbol)
        if instrument.timeZone == nil {
            instrument.timeZone = ExchangeZone.zone(of: series.request.symbol.exchange)?.identifier ?? "Etc/UTC"
        }
        return instrument
    }

    static func midnight(_ date: CalendarDate) -> Timestamp { Timestamp(seconds: Int64(date.daysSinceEpoch) * day) }

    /// A reach in which the bars should lie: markets are closed for two thirds of the day and on some days entirely.
    private func firstReach(_ count: Int) -> Int64 {
        let share: Int64 = interval.isIntraday ? 5 : 2
        return interval.longestSeconds * Int64(count) * share + 4 * UDFHistory.day
    }

    private static func longestReach(_ interval: Interval) -> Int64 {
        max(interval.longestSeconds * Int64(BarRequest.largestCount), 10 * day)
    }

    private static let day: Int64 = 86_400
    private static let mostSteps = 12
    /// Before this nothing is looked for.
    private static let beginning = Timestamp(seconds: -3_155_673_600)
}

import MarketData
import MarketHub

/// One question for past bars as the charting library asks it: up to `to`, and then either from `from` on or, which is
/// stronger, exactly the last `countback` bars.
struct UDFHistory: Sendable {
    let symbol: Symbol
    let interval: Interval
    let from: Timestamp
    let to: Timestamp
    let countback: Int?

    /// What a question is answered with.
    struct Page {
        /// The bars, ascending.
        var bars: [Bar]
        /// Where the range is empty, when the newest bar before it opens; `nil` where history has none.
        var earlier: Timestamp?
    }

    /// The bars, or where the nearest ones lie before a range without any.
    /// - Throws: `MarketDataError`.
    func page(from hub: MarketHub, now: Timestamp) async throws -> Page {
        let bars = try await fetch(from: hub, now: now)
        guard bars.isEmpty, countback == nil else { return Page(bars: bars) }
        let newest = UDFHistory(symbol: symbol, interval: interval, from: from, to: from, countback: 1)
        return Page(bars: [], earlier: try await newest.fetch(from: hub, now: now).last?.time)
    }

    private func fetch(from hub: MarketHub, now: Timestamp) async throws -> [Bar] {
        guard let countback else { return try await bars(hub, .range(TimeRange(from: from, to: to))).bars }
        if to > now {
            let newest = try await bars(hub, .count(countback)).bars
            return Array(newest.filter { $0.time < to }.suffix(countback))
        }
        var reach = firstReach(countback)
        var found: [Bar] = []
        for _ in 0..<UDFHistory.mostSteps {
            let start = to.advanced(bySeconds: -reach)
            let (wider, isAll) = try await bars(hub, .range(TimeRange(from: start, to: to)))
            // Twice as far back and nothing more to be had, or the source says so: this is where history begins.
            if wider.count >= countback || isAll || (!wider.isEmpty && wider.count == found.count) {
                return wider.suffix(countback)
            }
            found = wider
            reach *= 2
        }
        return found.suffix(countback)
    }

    /// A reach in which the bars should lie: markets are closed for two thirds of the day and on some days altogether.
    private func firstReach(_ count: Int) -> Int64 {
        let share: Int64 = interval.isIntraday ? 5 : 2
        return interval.longestSeconds * Int64(count) * share + 4 * 86_400
    }

    /// The bars of a span, and whether history holds none before them.
    private func bars(_ hub: MarketHub, _ span: BarRequest.Span) async throws -> (bars: [Bar], isAll: Bool) {
        do {
            let series = try await hub.bars(BarRequest(symbol: symbol, interval: interval, span: span)).unbroken
            return (series.bars, series.shortfall == .startOfHistory || series.shortfall == .planLimit)
        } catch let error as MarketDataError where error.code == .noDataForTime {
            return ([], false)
        }
    }

    private static let mostSteps = 6
}

public import MarketData

extension UpstreamSimulator {
    /// How many bars were asked for and sent, by symbol and interval; also at `GET /simulator/counts`.
    public var seriesCounts: [SeriesCount] { simulation.counts.all }

    /// What was asked of one symbol and interval.
    public func seriesCount(of symbol: String, _ interval: Interval) -> SeriesCount {
        seriesCounts.first { $0.symbol == symbol && $0.interval == interval }
            ?? SeriesCount(symbol: symbol, interval: interval)
    }

    /// Counts from nothing again.
    public func resetSeriesCounts() { simulation.counts.reset() }

    /// Every snapshot of an expiry that the sources show within a range: one each three minutes, ascending. Stamps are the
    /// moments of the figures; Trendlyne writes them a second earlier.
    public func openInterest(
        of symbol: Symbol, expiry: CalendarDate, within range: TimeRange
    ) -> [OpenInterestSnapshot] {
        simulation.market.openInterest(of: symbol, expiry: expiry, within: range)
    }

    /// Lets a fault strike from now on, as often as it is met.
    public func begin(_ fault: Fault) { simulation.ledger.begin(fault) }

    /// Ends a fault, whether it was begun or configured.
    public func end(_ fault: Fault) { simulation.ledger.end(fault) }
}

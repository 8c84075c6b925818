import MarketData

extension MockMarket {
    /// Contracts of a future outstanding at a moment; `nil` for what is no future.
    func futuresOpenInterest(of listing: Listing, at moment: Timestamp) -> Double? {
        guard let middle = listing.openInterest else { return nil }
        let step = SnapshotSteps(calendar: calendar, segment: listing.segment).step(at: moment)
        let noise = paths.noise("open interest \(listing.symbol)")
        func atClose(_ day: Int) -> Double { Double(middle) * (0.85 + 0.3 * noise.fraction(day)) }
        let today = step.session.date.daysSinceEpoch
        let (from, to) = (atClose(step.previous.date.daysSinceEpoch), atClose(today))
        return (from + (to - from) * step.fraction).rounded()
    }
}

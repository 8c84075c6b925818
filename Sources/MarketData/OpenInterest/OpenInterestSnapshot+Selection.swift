extension OpenInterestSnapshot {
    /// The snapshot with those of its strikes that are wanted: sources that serve all of them leave the choice to us.
    /// - Throws: `MarketDataError` `badRequest` where it has none of them.
    public func holding(_ selection: StrikeSelection) throws(MarketDataError) -> OpenInterestSnapshot {
        guard case .range(let from, let to) = selection, !strikes.isEmpty else { return self }
        var snapshot = self
        snapshot.strikes = strikes.filter { from <= $0.strike && $0.strike <= to }
        guard !snapshot.strikes.isEmpty else {
            let known = strikeWindow.value.map { "; there are \($0.words)" } ?? ""
            throw MarketDataError(
                .badRequest, "no strike of \(symbol) \(expiry) lies in \(selection)\(known)", source: provenance.source)
        }
        return snapshot
    }
}

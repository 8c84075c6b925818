import MarketData

extension OpenInterestSnapshot {
    /// As it is kept: without the delay, which belongs to the moment of asking and would make two of one stamp differ.
    var forKeeping: OpenInterestSnapshot {
        var snapshot = self
        snapshot.provenance.delaySeconds = nil
        return snapshot
    }

    /// As it is given out of the store: the source is the store, and the feed tells the origin.
    var fromStore: OpenInterestSnapshot {
        var snapshot = self
        let origin = [provenance.source.rawValue, provenance.feed].compactMap { $0 }.joined(separator: " ")
        let mode: Provenance.Mode =
            switch provenance.mode {
            case .simulated, .endOfDay: provenance.mode
            case .streaming, .delayed, .recorded: .recorded
            }
        snapshot.provenance = Provenance(
            source: .store, feed: origin, mode: mode, delaySeconds: nil, asOf: provenance.asOf)
        return snapshot
    }
}

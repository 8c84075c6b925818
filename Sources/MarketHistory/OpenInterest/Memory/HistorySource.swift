import MarketData
import MarketStore

/// Which source's series a history shows: the one with the most snapshots, each stamp once; of equals, the more trusted.
struct HistorySource {
    /// The source shown; `nil` where there is nothing.
    let source: Provenance.Source?
    /// The stamps of it that the store had when it was looked into.
    let stored: Set<Timestamp>
    /// Those of its snapshots that the store has not; what is kept stands before what was given anew.
    let onlyGiven: [OpenInterestSnapshot]
    private let count: Int

    init(stored: [SnapshotStamp], given: [OpenInterestSnapshot]) {
        var known = Dictionary(grouping: stored, by: \.source).mapValues { Set($0.map(\.asOf)) }
        var counts = known.mapValues(\.count)
        var fresh: [Provenance.Source: [OpenInterestSnapshot]] = [:]
        for snapshot in given {
            let source = snapshot.provenance.source
            guard known[source, default: []].insert(snapshot.provenance.asOf).inserted else { continue }
            fresh[source, default: []].append(snapshot)
            counts[source, default: 0] += 1
        }
        source = Provenance.Source.withMost(counts)
        self.stored = Set(stored.filter { [source] in $0.source == source }.map(\.asOf))
        onlyGiven = source.flatMap { fresh[$0] } ?? []
        count = source.flatMap { counts[$0] } ?? 0
    }

    /// - Throws: `MarketDataError` `tooLarge`.
    func checkLength(of symbol: Symbol, within range: TimeRange) throws(MarketDataError) {
        guard count > OpenInterestMemory.largestHistory else { return }
        throw MarketDataError(
            .tooLarge,
            "there are more than \(OpenInterestMemory.largestHistory) snapshots of \(symbol) between \(range.from) and "
                + "\(range.to); ask for a shorter range")
    }
}

import MarketData
import MarketStore

/// The stamps of one chain in a session, source by source, and which source a series of it shows.
struct SessionStamps {
    private let bySource: [Provenance.Source: [Timestamp]]

    init(_ stamps: [SnapshotStamp]) {
        bySource = Dictionary(grouping: stamps, by: \.source).mapValues { $0.map(\.asOf).sorted() }
    }

    /// The source of the series: the one with the most snapshots, of equals the more trusted; `nil` without any.
    var shown: Provenance.Source? { Provenance.Source.withMost(bySource.mapValues(\.count)) }

    /// A source's stamps, ascending.
    func stamps(of source: Provenance.Source?) -> [Timestamp] { source.flatMap { bySource[$0] } ?? [] }

    /// What the other sources told within a stretch, by trust; both ends belong to it.
    func stretches(beside source: Provenance.Source?, within span: TimeRange) -> [RecordedStretch] {
        Provenance.Source.allCases.filter { $0 != source }.compactMap { other in
            let inside = stamps(of: other).filter { $0 >= span.from && $0 <= span.to }
            guard let first = inside.first, let last = inside.last else { return nil }
            return RecordedStretch(source: other, snapshots: inside.count, first: first, last: last)
        }
    }
}

extension Provenance.Source {
    /// The source of which there is most; of equals, the more trusted.
    static func withMost(_ counts: [Provenance.Source: Int]) -> Provenance.Source? {
        allCases.filter { counts[$0] ?? 0 > 0 }.reduce(nil) { most, source in
            guard let most, counts[most] ?? 0 >= counts[source] ?? 0 else { return source }
            return most
        }
    }

    /// The most trusted of some.
    static func mostTrusted(of sources: some Collection<Provenance.Source>) -> Provenance.Source? {
        allCases.first(where: sources.contains)
    }
}

public import MarketData
public import MarketStore

/// A stretch of a session without a snapshot of one source, longer than the source takes to refresh.
public struct RecordingGap: Hashable, Sendable {
    /// Why there is none.
    public enum Reason: String, CaseIterable, Sendable {
        /// No recorder ran.
        case notRunning = "not_running"
        /// The source limits the number of requests.
        case refused
        /// The source was down, too slow, or not to be read.
        case failed
        /// The source returned another moment.
        case otherTime = "other_time"
        /// The source repeated the previous values.
        case repeated
        /// The source did not respond, but another one did; a series does not continue with another source's values.
        case otherSource = "other_source"
    }

    /// From the last stamp before, or the opening, to the next stamp, the close or now.
    public var span: TimeRange
    /// Why.
    public var reason: Reason
    /// Whose snapshots are missing; `nil` where no source reported anything of the session.
    public var source: Provenance.Source?
    /// What other sources reported meanwhile.
    public var others: [RecordedStretch]

    /// A gap from its parts.
    public init(
        span: TimeRange, reason: Reason, source: Provenance.Source? = nil, others: [RecordedStretch] = []
    ) {
        self.span = span
        self.reason = reason
        self.source = source
        self.others = others
    }
}

/// What one source reported within a stretch of a session.
public struct RecordedStretch: Hashable, Sendable {
    /// The source.
    public let source: Provenance.Source
    /// How many of its snapshots are there.
    public let snapshots: Int
    /// The first one's stamp.
    public let first: Timestamp
    /// The last one's stamp.
    public let last: Timestamp

    /// A stretch from its parts.
    public init(source: Provenance.Source, snapshots: Int, first: Timestamp, last: Timestamp) {
        self.source = source
        self.snapshots = snapshots
        self.first = first
        self.last = last
    }
}

/// A stretch between two stamps of one source that is longer than a step.
struct StampStep: Hashable {
    let source: Provenance.Source
    let span: TimeRange
}

/// The stamps of one chain in a session, source by source, and which source a series of it shows.
struct SessionStamps {
    private let bySource: [Provenance.Source: [Timestamp]]

    init(_ stamps: [SnapshotStamp]) {
        bySource = Dictionary(grouping: stamps, by: \.source).mapValues { $0.map(\.asOf).sorted() }
    }

    /// The source of the series: the one with the most snapshots, then the first in failover order.
    var shown: Provenance.Source? { Provenance.Source.withMost(bySource.mapValues(\.count)) }

    /// A source's stamps, ascending.
    func stamps(of source: Provenance.Source?) -> [Timestamp] { source.flatMap { bySource[$0] } ?? [] }

    /// What the other sources reported within a stretch, by trust; both ends belong to it.
    func stretches(beside source: Provenance.Source?, within span: TimeRange) -> [RecordedStretch] {
        Provenance.Source.allCases.filter { $0 != source }.compactMap { other in
            let inside = stamps(of: other).filter { $0 >= span.from && $0 <= span.to }
            guard let first = inside.first, let last = inside.last else { return nil }
            return RecordedStretch(source: other, snapshots: inside.count, first: first, last: last)
        }
    }
}

extension Provenance.Source {
    /// The source with the most snapshots; on a tie, the first in failover order.
    static func withMost(_ counts: [Provenance.Source: Int]) -> Provenance.Source? {
        allCases.filter { counts[$0] ?? 0 > 0 }.reduce(nil) { most, source in
            guard let most, counts[most] ?? 0 >= counts[source] ?? 0 else { return source }
            return most
        }
    }

    /// The first of some in failover order.
    static func mostTrusted(of sources: some Collection<Provenance.Source>) -> Provenance.Source? {
        allCases.first(where: sources.contains)
    }
}

/// Finds the gaps of a session from the stamps that are kept and the watches that explain what is not.
public enum RecordingGapFinder {
    /// The stretches longer than a step without a stamp of one source, from the opening to the close or an earlier end,
    /// ascending.
    ///
    /// A stretch of several reasons is divided where they change; a part shorter than a step goes to its longer neighbour.
    /// If another source responded instead, that is the reason.
    /// - Parameters:
    ///   - session: The session to look at.
    ///   - end: Where to stop; the close of the session at the latest.
    ///   - source: The source of the series; `nil` for the one with the most stamps.
    ///   - stamps: The stored stamps, of any source.
    ///   - watches: The ranges in which a recorder requested the chain.
    ///   - largestStep: Two stamps farther apart, in seconds, have a gap between them.
    public static func gaps(
        in session: TradingSession, until end: Timestamp, of source: Provenance.Source? = nil,
        stamps: [SnapshotStamp], watches: [RecordingWatch], largestStep: Int64
    ) -> [RecordingGap] {
        let known = SessionStamps(stamps)
        let source = source ?? known.shown
        let end = min(end, session.closes)
        let inside = known.stamps(of: source).filter { $0 >= session.opens && $0 < end }
        let edges = [session.opens] + inside + [end]
        return zip(edges, edges.dropFirst())
            .filter { $1.seconds - $0.seconds > largestStep }
            .flatMap { from, to in
                let gap = TimeRange(from: from, to: to)
                let others = known.stretches(beside: source, within: gap)
                return divide(gap, by: watches, others: others, largestStep: largestStep).map { part in
                    RecordingGap(
                        span: part.span, reason: part.reason, source: source,
                        others: known.stretches(beside: source, within: part.span))
                }
            }
    }

    private static func divide(
        _ gap: TimeRange, by watches: [RecordingWatch], others: [RecordedStretch], largestStep: Int64
    ) -> [RecordingGap] {
        var parts: [RecordingGap] = []
        var reached = gap.from
        func add(_ end: Timestamp, _ reason: RecordingGap.Reason) {
            let end = min(end, gap.to)
            guard reached < end else { return }
            if let last = parts.last, last.reason == reason {
                parts[parts.count - 1].span = TimeRange(from: last.span.from, to: end)
            } else {
                parts.append(RecordingGap(span: TimeRange(from: reached, to: end), reason: reason))
            }
            reached = end
        }
        for watch in watches where watch.span.to > reached && watch.span.from < gap.to {
            add(watch.span.from, .notRunning)
            let meanwhile = others.filter { $0.last >= watch.span.from && $0.first <= watch.span.to }
            if watch.outcome == .watched, let first = meanwhile.map(\.first).min(),
                let last = meanwhile.map(\.last).max()
            {
                add(min(first.advanced(bySeconds: -largestStep), watch.span.to), .repeated)
                add(min(last.advanced(bySeconds: largestStep), watch.span.to), .otherSource)
            }
            add(watch.span.to, RecordingGap.Reason(watch.outcome))
        }
        add(gap.to, .notRunning)
        return merged(parts, largestStep: largestStep)
    }

    /// Gives parts that are too short to a neighbour, the shortest first.
    private static func merged(_ parts: [RecordingGap], largestStep: Int64) -> [RecordingGap] {
        var parts = parts
        while parts.count > 1, let short = parts.indices.min(by: { parts[$0].seconds < parts[$1].seconds }),
            parts[short].seconds <= largestStep
        {
            let neighbours = [short - 1, short + 1].filter(parts.indices.contains)
            guard let into = neighbours.max(by: { parts[$0].seconds < parts[$1].seconds }) else { break }
            let (first, last) = (min(short, into), max(short, into))
            parts[into].span = TimeRange(from: parts[first].span.from, to: parts[last].span.to)
            parts.remove(at: short)
            parts = joined(parts)
        }
        return parts
    }

    private static func joined(_ parts: [RecordingGap]) -> [RecordingGap] {
        parts.reduce(into: []) { joined, part in
            guard let last = joined.last, last.reason == part.reason else { return joined.append(part) }
            joined[joined.count - 1].span = TimeRange(from: last.span.from, to: part.span.to)
        }
    }
}

extension RecordingGap {
    fileprivate var seconds: Int64 { span.to.seconds - span.from.seconds }
}

extension RecordingGap.Reason {
    init(_ outcome: RecordingWatch.Outcome) {
        self =
            switch outcome {
            case .watched: .repeated
            case .refused: .refused
            case .failed: .failed
            case .otherTime: .otherTime
            }
    }
}

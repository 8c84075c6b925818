public import MarketData

/// Selects one of two versions of the same bar. Pure, and the same in whichever order they come: the greater
/// of the two by `isFinal`, then by the age of the response, then by its source, then by the values.
struct BarMerge {
    /// A response as far as it decides between two versions.
    struct Response: Hashable {
        let asOf: Timestamp
        let origin: OriginName

        init(asOf: Timestamp, origin: OriginName) {
            self.asOf = asOf
            self.origin = origin
        }

        init(_ provenance: Provenance) {
            self.init(asOf: provenance.asOf, origin: OriginName(provenance))
        }

        static func < (left: Response, right: Response) -> Bool {
            left.asOf != right.asOf ? left.asOf < right.asOf : left.origin < right.origin
        }
    }

    /// The outcome of an incoming bar.
    enum Verdict: Hashable {
        /// The stored one is kept.
        case kept
        /// The incoming one takes its place.
        case replaced
        /// The same values from a newer response.
        case confirmed
        /// Both are final and differ; the incoming one is newer and the stored one becomes a revision.
        case revised
        /// Both are final and differ; the stored one is newer and the incoming one becomes a revision.
        case revisedEarlier
    }

    /// What to do with a bar that comes where another is.
    static func settle(stored: Bar, from old: Response, incoming: Bar, from new: Response) -> Verdict {
        if stored.isFinal != incoming.isFinal { return incoming.isFinal ? .replaced : .kept }
        if stored.hasValues(of: incoming) { return old < new ? .confirmed : .kept }
        let isNewer = old == new ? stored.comesBefore(incoming) : old < new
        if !stored.isFinal { return isNewer ? .replaced : .kept }
        return isNewer ? .revised : .revisedEarlier
    }

    /// The bars of one response in ascending order, each time once.
    static func ordered(_ bars: [Bar]) -> [Bar] {
        let isAscending = zip(bars, bars.dropFirst()).allSatisfy { $0.time < $1.time }
        guard !isAscending else { return bars }
        var kept: [Bar] = []
        for bar in bars.sorted(by: { $0.time != $1.time ? $0.time < $1.time : $0.comesBefore($1) }) {
            if kept.last?.time == bar.time { kept[kept.count - 1] = bar } else { kept.append(bar) }
        }
        return kept
    }
}

extension Bar {
    /// Whether all values are the same; a zero of either sign is a zero.
    func hasValues(of other: Bar) -> Bool {
        open == other.open && high == other.high && low == other.low && close == other.close
            && volume == other.volume && openInterest == other.openInterest
    }

    /// Which of two versions from the same response gives way: forming before final, then less traded, then a narrower
    /// bar. A bar only grows while it forms.
    func comesBefore(_ other: Bar) -> Bool {
        if isFinal != other.isFinal { return other.isFinal }
        return rank.lexicographicallyPrecedes(other.rank)
    }

    private var rank: [Double] {
        [volume ?? -1, high, -low, close, open, openInterest ?? -1]
    }
}

/// A final bar as it once was, before a newer response differed.
public struct BarRevision: Hashable, Sendable {
    /// The former value.
    public let former: Bar
    /// The source of the former value, and when it was reported.
    public let provenance: Provenance

    /// An earlier value and its provenance.
    public init(former: Bar, provenance: Provenance) {
        self.former = former
        self.provenance = provenance
    }
}

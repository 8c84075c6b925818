public import MarketData

/// Bars out of the store, with the provenance of each stretch of them.
public struct StoredBars: Hashable, Sendable {
    /// Neighbouring bars that came with one response.
    public struct Stretch: Hashable, Sendable {
        /// Which of the bars, by index.
        public let indices: Range<Int>
        /// Where they came from.
        public let provenance: Provenance

        /// A stretch from its parts.
        public init(indices: Range<Int>, provenance: Provenance) {
            self.indices = indices
            self.provenance = provenance
        }
    }

    /// Ascending by time.
    public let bars: [Bar]
    /// Ascending, without a bar between them.
    public let stretches: [Stretch]

    /// Bars and their stretches.
    public init(bars: [Bar], stretches: [Stretch]) {
        self.bars = bars
        self.stretches = stretches
    }

    /// No bars.
    public static let none = StoredBars(bars: [], stretches: [])

    /// A bar and where it came from.
    private typealias Tagged = (bar: Bar, provenance: Provenance)

    /// Both together, ascending, at most `limit` of them; where both have a time, these bars take precedence.
    public func merged(with other: StoredBars, limit: Int = .max) -> StoredBars {
        merged(with: other, limit: limit) { _, _ in false }
    }

    /// With the bars of a response that open within a range; where both have a time, the bar that `BarMerge` selects.
    package func merged(with response: BarSeries, in range: TimeRange) -> StoredBars {
        let bars = BarMerge.ordered(response.bars.filter { range.contains($0.time) })
        let other = StoredBars(bars: bars, stretches: [Stretch(indices: bars.indices, provenance: response.provenance)])
        return merged(with: other, limit: .max) { old, new in
            let verdict = BarMerge.settle(
                stored: old.bar, from: BarMerge.Response(old.provenance), incoming: new.bar,
                from: BarMerge.Response(new.provenance))
            return switch verdict {
            case .replaced, .confirmed, .revised: true
            case .kept, .revisedEarlier: false
            }
        }
    }

    private func merged(with other: StoredBars, limit: Int, where isReplaced: (Tagged, Tagged) -> Bool) -> StoredBars {
        guard !other.bars.isEmpty else { return self }
        var all: [Tagged] = []
        var rest = other.tagged[...]
        for old in tagged {
            while let new = rest.first, new.bar.time < old.bar.time { all.append(rest.removeFirst()) }
            guard let new = rest.first, new.bar.time == old.bar.time else {
                all.append(old)
                continue
            }
            rest.removeFirst()
            all.append(isReplaced(old, new) ? new : old)
        }
        var merged: [Bar] = []
        var parts: [Stretch] = []
        for (bar, provenance) in (all + rest).prefix(limit) {
            if let last = parts.last, last.provenance == provenance {
                parts[parts.count - 1] = Stretch(
                    indices: last.indices.lowerBound..<merged.count + 1, provenance: provenance)
            } else {
                parts.append(Stretch(indices: merged.count..<merged.count + 1, provenance: provenance))
            }
            merged.append(bar)
        }
        return StoredBars(bars: merged, stretches: parts)
    }

    private var tagged: [Tagged] {
        stretches.flatMap { stretch in bars[stretch.indices].map { ($0, stretch.provenance) } }
    }

    /// The openings of the final bars, ascending.
    var openings: [Timestamp] { bars.lazy.filter(\.isFinal).map(\.time) }

    /// The bars that a condition holds for, each still with its origin.
    public func filter(_ isIncluded: (Bar) -> Bool) -> StoredBars {
        if bars.allSatisfy(isIncluded) { return self }
        var kept: [Bar] = []
        var parts: [Stretch] = []
        for stretch in stretches {
            let start = kept.count
            kept += bars[stretch.indices].filter(isIncluded)
            if kept.count > start { parts.append(Stretch(indices: start..<kept.count, provenance: stretch.provenance)) }
        }
        return StoredBars(bars: kept, stretches: parts)
    }
}

public import MarketData

/// Bars out of the store, with the provenance of each stretch of them.
public struct StoredBars: Hashable, Sendable {
    /// Neighbouring bars that came with one answer.
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

    /// Both together, ascending, at most `limit` of them; where both have a time, these bars stand.
    public func merged(with other: StoredBars, limit: Int = .max) -> StoredBars {
        guard !other.bars.isEmpty else { return self }
        let known = Set(bars.map(\.time))
        let all = (tagged + other.tagged.filter { !known.contains($0.bar.time) }).sorted { $0.bar.time < $1.bar.time }
        var merged: [Bar] = []
        var parts: [Stretch] = []
        for (bar, provenance) in all.prefix(limit) {
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

    private var tagged: [(bar: Bar, provenance: Provenance)] {
        stretches.flatMap { stretch in bars[stretch.indices].map { ($0, stretch.provenance) } }
    }

    /// The bars that a condition holds for, each still with its origin.
    public func filter(_ isIncluded: (Bar) -> Bool) -> StoredBars {
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

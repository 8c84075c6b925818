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

import MarketData
import MarketFormats
import MarketStore

/// Takes the bars of a file into the store, in batches.
struct BarImport {
    private static let batch = 5_000

    let key: SeriesKey
    let provenance: Provenance
    /// Whether the file holds every bar there was from its first to its last.
    let isComplete: Bool

    /// Stores the bars. Where the file does not say which bars are final all but the last are, which may have been forming
    /// when the file was written.
    /// - Returns: What was done, in words.
    func run(_ file: BarFileContents, into store: any BarStore, boundaries: BarBoundaries?) async throws -> String {
        var bars = file.bars
        if let last = bars.indices.last, !file.saysLastIsFinal { bars[last].isFinal = isComplete }
        var outcome = WriteOutcome()
        var reached: Timestamp?
        for start in stride(from: 0, to: bars.count, by: BarImport.batch) {
            let batch = Array(bars[start..<min(start + BarImport.batch, bars.count)])
            try await write(batch, from: reached, into: store, boundaries, &outcome)
            reached = batch.last?.time
        }
        return "\(bars.count) bars in the file, \(outcome.inserted) new, \(outcome.updated) updated, "
            + "\(outcome.revised) revised; \(provenance.words)"
    }

    private func write(
        _ bars: [Bar], from reached: Timestamp?, into store: any BarStore, _ boundaries: BarBoundaries?,
        _ outcome: inout WriteOutcome
    ) async throws {
        let run = BarRun(
            key: key, bars: bars, provenance: provenance, coverage: coverage(bars, from: reached, boundaries))
        let more = try await store.write(run)
        outcome.inserted += more.inserted
        outcome.updated += more.updated
        outcome.revised += more.revised
    }

    /// By itself a file proves that its bars are there and nothing of what lies between them.
    private func coverage(_ bars: [Bar], from reached: Timestamp?, _ boundaries: BarBoundaries?) -> CoverageMap {
        guard let first = bars.first?.time, let last = bars.last?.time else { return CoverageMap() }
        if isComplete {
            let end = boundaries?.bar(containing: last)?.to ?? last.advanced(bySeconds: key.interval.seconds ?? 1)
            let answered = TimeRange(from: reached ?? first, to: end)
            let openings = ([reached].compactMap { $0 }) + bars.lazy.filter(\.isFinal).map(\.time)
            return CoverageMap(answered: answered, at: provenance.asOf, openings: openings, boundaries: boundaries)
        }
        guard boundaries == nil, let seconds = key.interval.seconds else { return CoverageMap() }
        return CoverageMap(
            bars.lazy.filter(\.isFinal).map { bar in
                CoverageSpan(TimeRange(from: bar.time, to: bar.time.advanced(bySeconds: seconds)), .had)
            })
    }
}

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
    /// - Throws: `StoreError`: `refused` where the file is on another price level than newer stored bars; then nothing is
    ///   stored.
    func run(_ file: BarFileContents, into store: any BarStore, boundaries: BarBoundaries?) async throws -> String {
        let runs = runs(of: file, boundaries)
        // A file on another price level begins a new generation with the bars that show it, and then enters it whole.
        var opening: BarRun?
        for run in runs {
            switch try await store.verdict(on: run, if: Admission.Condition()) {
            case .appended: break
            case .newGeneration: opening = opening ?? run
            case .needsOverlap:
                throw StoreError(
                    .refused,
                    "prices of the file contradict newer bars of \(key) in the store (a split, or another adjustment); "
                        + "nothing was stored: adjust the file, or import it into another folder (BHAV_DATA)")
            }
        }
        var outcome = WriteOutcome()
        if let opening { outcome.add(try await store.write(opening)) }
        for run in runs { outcome.add(try await store.write(run)) }
        let changed = opening == nil ? "" : ", on a new price level: stored bars that the file lacks are served no more"
        return "\(file.bars.count) bars in the file, \(outcome.inserted) new, \(outcome.updated) updated, "
            + "\(outcome.revised) revised\(changed); \(provenance.words)"
    }

    private func runs(of file: BarFileContents, _ boundaries: BarBoundaries?) -> [BarRun] {
        var bars = file.bars
        if let last = bars.indices.last, !file.saysLastIsFinal { bars[last].isFinal = isComplete }
        var reached: Timestamp?
        return stride(from: 0, to: bars.count, by: BarImport.batch).map { start in
            let batch = Array(bars[start..<min(start + BarImport.batch, bars.count)])
            defer { reached = batch.last?.time }
            return BarRun(
                key: key, bars: batch, provenance: provenance, coverage: coverage(batch, from: reached, boundaries))
        }
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

extension WriteOutcome {
    fileprivate mutating func add(_ more: WriteOutcome) {
        inserted += more.inserted
        updated += more.updated
        revised += more.revised
    }
}

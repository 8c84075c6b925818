import MarketData
import MarketStore

/// Takes a file of bars into the store: first it is read to its end for faults, then stored in batches.
struct BarImport {
    private static let batch = 5_000

    let bars: BarFile
    let provenance: Provenance
    let isComplete: Bool

    /// Returns what was done, in words.
    func run(into store: any BarStore, boundaries: BarBoundaries?) async throws -> String {
        var count = 0
        try await bars.forEachBar { _ in count += 1 }
        var outcome = WriteOutcome()
        var waiting: [Bar] = []
        var reached: Timestamp?
        try await bars.forEachBar { bar in
            waiting.append(bar)
            guard waiting.count >= BarImport.batch else { return }
            try await write(waiting, from: reached, into: store, boundaries, &outcome)
            reached = waiting.last?.time
            waiting.removeAll(keepingCapacity: true)
        }
        try await write(waiting, from: reached, into: store, boundaries, &outcome)
        return "\(count) bars in the file, \(outcome.inserted) new, \(outcome.updated) went on, "
            + "\(outcome.revised) revised; \(provenance.words)"
    }

    private func write(
        _ bars: [Bar], from reached: Timestamp?, into store: any BarStore, _ boundaries: BarBoundaries?,
        _ outcome: inout WriteOutcome
    ) async throws {
        guard !bars.isEmpty else { return }
        let run = BarRun(
            key: self.bars.key, bars: bars, provenance: provenance, coverage: coverage(bars, from: reached, boundaries))
        let more = try await store.write(run)
        outcome.inserted += more.inserted
        outcome.updated += more.updated
        outcome.revised += more.revised
    }

    /// By itself a file proves that its bars are there and nothing of what lies between them.
    private func coverage(_ bars: [Bar], from reached: Timestamp?, _ boundaries: BarBoundaries?) -> CoverageMap {
        guard let first = bars.first?.time, let last = bars.last?.time else { return CoverageMap() }
        if isComplete {
            let end =
                boundaries?.bar(containing: last)?.to ?? last.advanced(bySeconds: self.bars.key.interval.seconds ?? 1)
            let answered = TimeRange(from: reached ?? first, to: end)
            let openings = ([reached].compactMap { $0 }) + bars.lazy.filter(\.isFinal).map(\.time)
            return CoverageMap(answered: answered, at: provenance.asOf, openings: openings, boundaries: boundaries)
        }
        guard boundaries == nil, let seconds = self.bars.key.interval.seconds else { return CoverageMap() }
        return CoverageMap(
            bars.lazy.filter(\.isFinal).map { bar in
                CoverageSpan(TimeRange(from: bar.time, to: bar.time.advanced(bySeconds: seconds)), .had)
            })
    }
}

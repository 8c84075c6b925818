import MarketData
import MarketStore

extension StoredHistory {
    /// Keeps the first bars of a live series.
    /// - Returns: Whether they were kept: not where all prices differ from the stored ones, which must be fetched anew.
    func keepLive(_ series: BarSeries, of key: SeriesKey) async -> Bool {
        guard let first = series.bars.first?.time, let last = series.bars.last?.time else { return true }
        do {
            try await instruments.learn(series.instrument)
            let range = TimeRange(from: first, to: max(series.provenance.asOf, last.advanced(bySeconds: 1)))
            let stored = try await memory.store.bars(of: key, in: range).bars
            guard BasisChange.between(stored: stored, incoming: series.bars) == nil else { return false }
            let boundaries = try await boundaries(of: key)
            await write(PageAnswer(series, to: range, of: key, since: first, boundaries: boundaries).run)
        } catch {
            note(error, doing: "live bars were not kept")
        }
        return true
    }

    /// Keeps bars that became final, and that they are had.
    func keepLive(_ batch: LiveBarQueue.Batch) async {
        do {
            let boundaries = try await boundaries(of: batch.key)
            var coverage = CoverageMap()
            for bar in batch.bars {
                if let span = batch.key.interval.span(of: bar, boundaries) { coverage.add(CoverageSpan(span, .had)) }
            }
            let isWritten = await write(
                BarRun(key: batch.key, bars: batch.bars, provenance: batch.provenance, coverage: coverage))
            if isWritten { journal.update { $0.live.written += batch.bars.count } }
        } catch {
            note(error, doing: "live bars were not kept")
        }
    }

    /// Fetches what the store lacks among the newest bars of a series, as far back as it has any.
    /// - Returns: Why something could not be had; `nil` where all came.
    /// - Throws: `StoreError`; `MarketDataError` for what can never be had; `CancellationError`.
    func completeNewest(_ count: Int, of key: SeriesKey) async throws -> MarketDataError? {
        let now = clock()
        guard let newest = try await memory.store.newestBars(of: key, count: count).bars.first?.time, newest < now
        else { return nil }
        let boundaries = try await boundaries(of: key)
        let length = key.interval.roughSeconds
        let window =
            boundaries.map { FetchPlan.range(ofNewest: count, boundaries: $0, now: now).from }
            ?? now.advanced(bySeconds: -length * Int64(count))
        let end = boundaries?.latestBar(at: now).from ?? now
        let range = TimeRange(from: max(newest, window), to: end)
        return range.from < range.to ? try await complete(key, over: range) : nil
    }
}

extension Interval {
    /// From a bar's opening to its close; `nil` where neither the calendar nor the interval tells.
    fileprivate func span(of bar: Bar, _ boundaries: BarBoundaries?) -> TimeRange? {
        if let span = boundaries?.bar(containing: bar.time) { return span.from == bar.time ? span : nil }
        guard boundaries == nil, let seconds else { return nil }
        return TimeRange(from: bar.time, to: bar.time.advanced(bySeconds: seconds))
    }
}

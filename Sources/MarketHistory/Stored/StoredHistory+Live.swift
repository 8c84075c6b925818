import MarketData
import MarketStore

extension StoredHistory {
    /// Keeps the first bars of a live series.
    /// - Returns: Whether they are on the basis of the stored ones, and so were kept: one bar at least must have come back
    ///   as it is stored, or nothing be stored at all. Otherwise the series must be looked through.
    func keepLive(_ series: BarSeries, of key: SeriesKey) async -> Bool {
        guard let first = series.bars.first?.time, let last = series.bars.last?.time else { return true }
        do {
            try await instruments.learn(series.instrument)
            let range = TimeRange(from: first, to: max(series.provenance.asOf, last.advanced(bySeconds: 1)))
            if try await !memory.store.newestBars(of: key, count: 1).bars.isEmpty {
                let stored = try await memory.store.currentBars(of: key, in: range).bars
                guard BasisChange.isExcluded(stored: stored, incoming: series.bars) else { return false }
            }
            let boundaries = try await boundaries(of: key)
            await write(PageAnswer(series, to: range, of: key, since: first, boundaries: boundaries).run)
            return true
        } catch {
            note(error, doing: "live bars were not kept")
            return false
        }
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

    /// What came of completing the newest bars of a series.
    struct Completion: Sendable {
        /// Why something could not be had; `nil` where all came.
        var failure: MarketDataError?
        /// The opening of the newest final bar that is stored now; `nil` where there is none.
        var newest: Timestamp?
    }

    /// Fetches what the store lacks among the newest bars of a series, as far back as it has any.
    /// - Throws: `StoreError`; `MarketDataError` for what can never be had; `CancellationError`.
    func completeNewest(_ count: Int, of key: SeriesKey) async throws -> Completion {
        let now = clock()
        guard let newest = try await memory.store.newestBars(of: key, count: count).bars.first?.time, newest < now
        else { return Completion() }
        let boundaries = try await boundaries(of: key)
        let length = key.interval.roughSeconds
        let window =
            boundaries.map { FetchPlan.range(ofNewest: count, boundaries: $0, now: now).from }
            ?? now.advanced(bySeconds: -length * Int64(count))
        let latest = boundaries?.latestBar(at: now)
        let end = latest.map { $0.to <= now ? $0.to : $0.from } ?? now
        let range = TimeRange(from: max(newest, window), to: end)
        let failure = range.from < range.to ? try await complete(key, over: range) : nil
        let kept = try await memory.store.newestBars(of: key, count: 2).bars.last(where: \.isFinal)
        return Completion(failure: failure, newest: kept?.time)
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

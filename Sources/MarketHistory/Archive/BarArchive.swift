import Logging
public import MarketData
import MarketStore
public import ServiceLifecycle
import Synchronization

/// Keeps what live series bring, and repairs what is stored: after the start, and after each break of a feed.
public final class BarArchive: Service {
    /// How long live bars are gathered before they are written together.
    private static let gathering = Duration.seconds(2)
    /// Between the repairs of two series.
    private static let pause = Duration.milliseconds(250)
    /// How many of its newest bars a series is repaired over; sources show little more.
    private static let window = 5_000
    /// The longest pause for a source that failed, whatever it says itself.
    static let longestPause = Duration.seconds(900)
    /// The longest pause, in seconds, for a series that its source refuses.
    private static let longestRefusal: Int64 = 86_400

    let history: StoredHistory
    /// The shortest pause for a source that failed.
    private let shortestPause: Duration
    private let state = Mutex((intake: LiveBarIntake(), repairs: RepairQueue()))
    private let (alarms, alarm) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// An archive of a history.
    package init(_ history: StoredHistory, shortestPause: Duration = .seconds(30)) {
        self.history = history
        self.shortestPause = shortestPause
        history.journal.update { $0.isReadOnly = history.cache.isReadOnly }
    }

    /// The history that it keeps, built intervals included.
    package var bars: ResampledHistory {
        ResampledHistory(history, keeping: history.cache.intervals, clock: history.clock)
    }

    /// What the store is doing.
    public var report: ArchiveReport {
        var report = history.journal.report
        (report.live.waiting, report.repair.waiting) = state.withLock { ($0.intake.waiting, $0.repairs.count) }
        return report
    }

    /// What the store has of a series.
    /// - Throws: `MarketDataError` if reading the store fails.
    public func coverage(of key: BarRequest, over range: TimeRange?, onlyMissing: Bool) async throws -> SeriesCoverage {
        do {
            return try await SeriesCoverage.survey(
                of: SeriesKey(key), over: range, in: history.store, calendars: history.cache.calendars,
                now: history.clock(), onlyMissing: onlyMissing)
        } catch {
            try Task.checkCancellation()
            history.note(error, doing: "reading the coverage failed")
            throw MarketDataError(.upstreamUnavailable, "reading the store failed: \(error.message)", source: .store)
        }
    }

    /// Writes and repairs until the service group shuts down or the task is cancelled; what waits then is written.
    public func run() async throws {
        guard !history.cache.isReadOnly else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepWriting() }
                group.addTask { await self.keepRepairing() }
            }
        }
        // A cancelled task may not write; what has come is kept all the same.
        _ = await Task { await self.flush() }.value
    }
}

// MARK: - Live bars

extension BarArchive {
    /// Takes in an event of a live series.
    package func received(_ event: BarEvent, of request: BarRequest) {
        guard !history.cache.isReadOnly, request.currency == nil,
            history.cache.intervals.contains(request.interval)
        else { return }
        let key = SeriesKey(request)
        let now = history.clock()
        let (isRepairDue, dropped) = state.withLock { state in
            let outcome = state.intake.receive(event, of: key, at: now)
            // The source has the series now, though it may have refused it earlier.
            if outcome.isRepairDue || event.isSnapshot { state.repairs.forget(key) }
            return outcome
        }
        if dropped > 0 { history.journal.update { $0.live.dropped += dropped } }
        if isRepairDue { repair([key]) }
    }

    private func keepWriting() async {
        while (try? await Task.sleep(for: BarArchive.gathering)) != nil {
            repair(await flush() + state.withLock { $0.repairs.due(at: history.clock()) })
        }
    }

    /// Writes what waits.
    /// - Returns: The series to fetch: their bars could not be written, or it is unknown whether they have the price
    ///   adjustment of the stored ones.
    @discardableResult
    func flush() async -> [SeriesKey] {
        var unconfirmed: [SeriesKey] = []
        for batch in state.withLock({ $0.intake.take() }) {
            do throws(StoreError) {
                if try await !admit(batch) { unconfirmed.append(batch.key) }
            } catch {
                history.note(error, doing: "live bars were not kept")
                unconfirmed.append(batch.key)
            }
        }
        return unconfirmed
    }

    /// - Returns: Whether all bars had the price adjustment of the stored ones, or there were none to compare them with.
    private func admit(_ batch: LiveBarIntake.Batch) async throws(StoreError) -> Bool {
        if let snapshot = batch.snapshot {
            try await history.instruments.learn(snapshot.instrument)
            let boundaries = try await history.boundaries(of: batch.key)
            // The first bars must share one with the stored ones, however lately these were confirmed.
            if let run = BarRun(newest: snapshot, of: batch.key, boundaries: boundaries),
                try await !admit(run, confirmedSince: TimeRange.always.to)
            {
                return false
            }
        }
        guard let provenance = batch.provenance, !batch.bars.isEmpty else { return true }
        let run = BarRun(key: batch.key, bars: batch.bars, provenance: provenance)
        guard try await admit(run, confirmedSince: batch.confirmedSince) else { return false }
        history.journal.update { $0.live.written += batch.bars.count }
        return true
    }

    private func admit(_ run: BarRun, confirmedSince: Timestamp) async throws(StoreError) -> Bool {
        let condition = Admission.Condition(confirmedSince: confirmedSince)
        if case .needsOverlap = try await history.write(run, if: condition).verdict { return false }
        return true
    }
}

// MARK: - Repair

extension BarArchive {
    /// Puts series into the queue of those to be repaired.
    func repair(_ keys: [SeriesKey]) {
        guard !keys.isEmpty else { return }
        let now = history.clock()
        state.withLock { state in
            for key in keys { state.repairs.add(key, at: now) }
        }
        alarm.yield()
    }

    /// Repairs all that is stored, the series with the newest bars first, and then what comes up, until the task is
    /// cancelled.
    private func keepRepairing() async {
        do {
            let stored = try await history.store.series()
            let oldest = TimeRange.always.from
            repair(stored.sorted { ($0.last ?? oldest) > ($1.last ?? oldest) }.map(\.key))
        } catch {
            history.note(error, doing: "the series to be repaired could not be listed")
        }
        for await _ in alarms {
            while let key = state.withLock({ $0.repairs.next() }), !Task.isCancelled { await repair(key) }
            guard !Task.isCancelled else { return }
        }
    }

    /// Completes a series over its newest bars.
    private func repair(_ key: SeriesKey) async {
        let journal = history.journal
        journal.update { $0.repair.current = "\(key)" }
        defer { journal.update { $0.repair.current = nil } }
        repair(await flush().filter { $0 != key })
        let before = journal.report
        do {
            if let failure = try await completeNewest(of: key) { throw failure }
            // What came may not have been written.
            guard journal.report.failures == before.failures else { return pause(key) }
            state.withLock { $0.repairs.forget(key) }
            journal.update { $0.repair.done += 1 }
            let inserted = journal.report.inserted - before.inserted
            if inserted > 0 {
                history.cache.logger.info(
                    "a series was repaired", metadata: ["series": "\(key)", "bars": "\(inserted)"])
            }
            if journal.report.requests > before.requests { try await Task.sleep(for: BarArchive.pause) }
        } catch let error as MarketDataError {
            try? await note(error, of: key)
        } catch let error as StoreError {
            if !Task.isCancelled { history.note(error, doing: "a series could not be repaired") }
            pause(key)
        } catch {}
    }

    /// Fetches what is missing among the newest bars of a series, back to its oldest stored one.
    /// - Returns: Why something could not be fetched; `nil` if everything was.
    private func completeNewest(of key: SeriesKey) async throws -> MarketDataError? {
        let (now, window) = (history.clock(), BarArchive.window)
        let oldest = try await history.store.newestBars(of: key, count: window).bars.first?.time
        guard let oldest, oldest < now else { return nil }
        let boundaries = try await history.boundaries(of: key)
        let from =
            boundaries?.range(ofNewest: window, at: now).from
            ?? now.advanced(bySeconds: -key.interval.longestSeconds * Int64(window))
        let latest = boundaries?.latestBar(at: now)
        let end = latest.map { $0.to <= now ? $0.to : $0.from } ?? now
        let range = TimeRange(from: max(oldest, from), to: end)
        return range.from < range.to ? try await history.complete(key, over: range) : nil
    }

    /// Records why a series could not be repaired and pauses it, for a source may refuse for a moment what it has. Where the
    /// source itself failed, the others wait too.
    private func note(_ error: MarketDataError, of key: SeriesKey) async throws {
        history.journal.update { report in
            report.repair.failed += 1
            report.repair.lastFailure = "\(key): \(error)"
        }
        history.cache.logger.info("a series could not be repaired", metadata: ["series": "\(key)", "why": "\(error)"])
        pause(key, because: error)
        switch error.recovery {
        case .retry, .reconnect: try await Task.sleep(for: BarArchive.pause(after: error, atLeast: shortestPause))
        case .resubscribe, .giveUp: try await Task.sleep(for: BarArchive.pause)
        }
    }

    /// Pauses a series, at first for half a minute; for a quarter of an hour where the account is not entitled to it.
    private func pause(_ key: SeriesKey, because error: MarketDataError? = nil) {
        let usual = BarArchive.longestPause.components.seconds
        let shortest = error?.code == .notEntitled ? usual : min(shortestPause.components.seconds, usual)
        let longest = error?.recovery == .giveUp ? BarArchive.longestRefusal : usual
        let now = history.clock()
        state.withLock { $0.repairs.pause(key, at: now, seconds: shortest...longest) }
    }

    /// How long a source is left alone that failed.
    static func pause(after error: MarketDataError, atLeast shortest: Duration) -> Duration {
        guard case .retry(let seconds) = error.recovery else { return shortest }
        return min(max(.seconds(seconds), shortest), longestPause)
    }
}

import Logging
public import MarketData
import MarketStore
public import ServiceLifecycle
import Synchronization

/// Keeps what live series bring, and repairs what is stored: after the start, and after each break of a feed.
public final class BarArchive: Service {
    /// How it works.
    struct Pace: Sendable {
        /// How long live bars are gathered before they are written together.
        var gathering = Duration.seconds(2)
        /// How much may wait.
        var limits = LiveBarIntake.Limits()
        /// Between the repairs of two series.
        var pause = Duration.milliseconds(250)
        /// How many of its newest bars a series is repaired over; sources show little more.
        var window = 5_000
        /// After a source was found to be away.
        var patience = Duration.seconds(30)
        /// The longest that a source is given which says itself when to come back.
        var longestPatience = Duration.seconds(900)

        /// How long a source is left alone that failed.
        func wait(after error: MarketDataError) -> Duration {
            guard case .retry(let seconds) = error.recovery else { return patience }
            return min(max(.seconds(seconds), patience), longestPatience)
        }
    }

    let history: StoredHistory
    let pace: Pace
    let intake: Mutex<LiveBarIntake>
    let (alarms, alarm) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// An archive with the default settings.
    package convenience init(_ history: StoredHistory) { self.init(history, pace: Pace()) }

    init(_ history: StoredHistory, pace: Pace) {
        self.history = history
        self.pace = pace
        intake = Mutex(LiveBarIntake(pace.limits))
        history.journal.update { $0.isReadOnly = history.cache.isReadOnly }
    }

    /// The history that it keeps, built intervals included.
    package var bars: ResampledHistory {
        ResampledHistory(history, keeping: history.cache.intervals, clock: history.clock)
    }

    /// What the store is doing.
    public var report: ArchiveReport {
        let (live, repairs) = intake.withLock { ($0.waiting, $0.repairs.count) }
        var report = history.journal.report
        report.live.waiting = live
        report.repair.waiting = repairs
        return report
    }

    /// What the store has of a series.
    /// - Throws: `MarketDataError` if reading the store fails.
    public func coverage(of key: BarRequest, over range: TimeRange?, onlyMissing: Bool) async throws -> SeriesCoverage {
        do {
            return try await SeriesCoverage.survey(
                of: SeriesKey(key), over: range, in: history.cache.store, calendars: history.cache.calendars,
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
    /// A live series said something.
    package func received(_ event: BarEvent, of request: BarRequest) {
        guard !history.cache.isReadOnly, request.currency == nil,
            history.cache.intervals.contains(request.interval)
        else { return }
        let key = SeriesKey(request)
        let now = history.clock()
        let (isRepairDue, dropped) = intake.withLock { $0.receive(event, of: key, at: now) }
        if dropped > 0 { history.journal.update { $0.live.dropped += dropped } }
        if isRepairDue { repair([key]) }
    }

    private func keepWriting() async {
        while (try? await Task.sleep(for: pace.gathering)) != nil { repair(await flush()) }
    }

    /// Writes what waits.
    /// - Returns: The series whose bars were not proven to be on the level of the stored ones, and are to be fetched.
    @discardableResult
    func flush() async -> [SeriesKey] {
        var unproven: [SeriesKey] = []
        for batch in intake.withLock({ $0.take() }) {
            do throws(StoreError) {
                if let snapshot = batch.snapshot, try await !admit(snapshot, of: batch.key) {
                    unproven.append(batch.key)
                } else if try await !admit(batch) {
                    unproven.append(batch.key)
                }
            } catch {
                history.note(error, doing: "live bars were not kept")
            }
        }
        return unproven
    }

    /// Admits the first bars of a live series, which must share one with the stored ones where there are any.
    private func admit(_ snapshot: BarSeries, of key: SeriesKey) async throws(StoreError) -> Bool {
        guard let first = snapshot.bars.first?.time, let last = snapshot.bars.last?.time else { return true }
        try await history.instruments.learn(snapshot.instrument)
        let range = TimeRange(from: first, to: max(snapshot.provenance.asOf, last.advanced(bySeconds: 1)))
        let page = FetchedPage(
            snapshot, to: range, of: key, since: first, boundaries: try await history.boundaries(of: key))
        let condition = Admission.Condition(confirmedSince: Timestamp(milliseconds: .max))
        if case .needsOverlap = try await history.write(page.run, if: condition).verdict { return false }
        return true
    }

    /// Admits bars that became final.
    private func admit(_ batch: LiveBarIntake.Batch) async throws(StoreError) -> Bool {
        guard let provenance = batch.provenance, !batch.bars.isEmpty else { return true }
        let run = BarRun(key: batch.key, bars: batch.bars, provenance: provenance)
        let condition = Admission.Condition(confirmedSince: batch.confirmedSince)
        if case .needsOverlap = try await history.write(run, if: condition).verdict { return false }
        history.journal.update { $0.live.written += batch.bars.count }
        return true
    }
}

// MARK: - Repair

extension BarArchive {
    /// Puts series into the queue of those to be repaired.
    func repair(_ keys: [SeriesKey]) {
        guard !keys.isEmpty else { return }
        let now = history.clock()
        intake.withLock { intake in
            for key in keys { intake.repairs.add(key, at: now) }
        }
        alarm.yield()
    }

    /// Repairs all that is stored, and then what comes up, until the task is cancelled.
    private func keepRepairing() async {
        await repairStored()
        for await _ in alarms {
            while let key = intake.withLock({ $0.repairs.next() }), !Task.isCancelled { await repair(key) }
            guard !Task.isCancelled else { return }
        }
    }

    /// Puts every stored series into the queue, the one with the newest bars first.
    private func repairStored() async {
        do {
            let stored = try await history.cache.store.series()
            let newest = stored.sorted { ($0.last ?? .beforeExchanges) > ($1.last ?? .beforeExchanges) }
            repair(newest.map(\.key))
        } catch {
            history.note(error, doing: "the series to be repaired could not be listed")
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
            if let failure = try await completeNewest(of: key) {
                // What we are not entitled to now we shall not be in half a minute.
                let isForNow = failure.leavesTheStore && failure.code != .notEntitled
                return try await note(failure, of: key, isForNow: isForNow)
            }
            journal.update { $0.repair.done += 1 }
            let inserted = journal.report.inserted - before.inserted
            if inserted > 0 {
                history.cache.logger.info(
                    "a series was repaired", metadata: ["series": "\(key)", "bars": "\(inserted)"])
            }
            if journal.report.questions > before.questions { try await Task.sleep(for: pace.pause) }
        } catch let error as MarketDataError {
            try? await note(error, of: key, isForNow: false)
        } catch let error as StoreError {
            if !Task.isCancelled { history.note(error, doing: "a series could not be repaired") }
        } catch {}
    }

    /// Fetches what is missing among the newest bars of a series, back to its oldest stored one.
    /// - Returns: Why something could not be fetched; `nil` if everything was.
    private func completeNewest(of key: SeriesKey) async throws -> MarketDataError? {
        let now = history.clock()
        let oldest = try await history.cache.store.newestBars(of: key, count: pace.window).bars.first?.time
        guard let oldest, oldest < now else { return nil }
        let boundaries = try await history.boundaries(of: key)
        let window =
            boundaries.map { FetchPlan.range(ofNewest: pace.window, boundaries: $0, now: now).from }
            ?? now.advanced(bySeconds: -key.interval.longestSeconds * Int64(pace.window))
        let latest = boundaries?.latestBar(at: now)
        let end = latest.map { $0.to <= now ? $0.to : $0.from } ?? now
        let range = TimeRange(from: max(oldest, window), to: end)
        return range.from < range.to ? try await history.complete(key, over: range) : nil
    }

    /// Records why a series could not be repaired and queues it again: soon if the source is only unavailable, else later.
    private func note(_ error: MarketDataError, of key: SeriesKey, isForNow: Bool) async throws {
        history.journal.update { report in
            report.repair.failed += 1
            report.repair.lastFailure = "\(key): \(error)"
        }
        history.cache.logger.info("a series could not be repaired", metadata: ["series": "\(key)", "why": "\(error)"])
        guard isForNow else {
            let again = history.clock().advanced(bySeconds: pace.longestPatience.components.seconds)
            return intake.withLock { $0.repairs.postpone(key, until: again) }
        }
        try await Task.sleep(for: pace.wait(after: error))
        repair([key])
    }
}

public import MarketData
import MarketStore
public import ServiceLifecycle
import Synchronization

/// Keeps what live series bring, and repairs what is stored: after the start, and after each reconnect.
public final class BarArchive: Service {
    /// How it works.
    struct Pace: Sendable {
        /// How long live bars are gathered before they are written together.
        var gathering = Duration.seconds(2)
        /// How many live bars may wait.
        var capacity = 50_000
        /// Between the repairs of two series.
        var pause = Duration.milliseconds(250)
        /// How many of its newest bars a series is looked through for; sources show little more.
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
    let state: Mutex<ArchiveIntake>
    let (alarms, alarm) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// An archive at its usual pace.
    package convenience init(_ history: StoredHistory) { self.init(history, pace: Pace()) }

    init(_ history: StoredHistory, pace: Pace) {
        self.history = history
        self.pace = pace
        state = Mutex(ArchiveIntake(capacity: pace.capacity))
        history.journal.update { $0.isReadOnly = history.memory.isReadOnly }
    }

    /// The history that it keeps, built intervals included.
    package var bars: ResampledHistory {
        ResampledHistory(history, keeping: history.memory.intervals, clock: history.clock)
    }

    /// What the store is doing.
    public var report: ArchiveReport {
        let (live, repairs) = state.withLock { ($0.waiting, $0.repairs.count) }
        var report = history.journal.report
        report.live.waiting = live
        report.repair.waiting = repairs
        return report
    }

    /// What the store has of a series.
    /// - Throws: `MarketDataError` where the store cannot be read.
    public func coverage(of key: BarRequest, over range: TimeRange?, onlyMissing: Bool) async throws -> SeriesCoverage {
        do {
            return try await SeriesCoverage.survey(
                of: SeriesKey(key), over: range, in: history.memory.store, calendars: history.memory.calendars,
                now: history.clock(), onlyMissing: onlyMissing)
        } catch {
            try Task.checkCancellation()
            history.note(error, doing: "coverage could not be told")
            throw MarketDataError(.upstreamUnavailable, "the store cannot be read: \(error.message)", source: .store)
        }
    }

    /// Writes and repairs until the service group shuts down or the task is cancelled; what waits then is written.
    public func run() async throws {
        guard !history.memory.isReadOnly else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown { await self.work() }
        // A cancelled task may not write; what has come is kept all the same.
        await Task { await self.flush() }.value
    }

    private func work() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepWriting() }
            group.addTask { await self.keepRepairing() }
            group.addTask { await self.keepLookingAgain() }
        }
    }

    private func keepWriting() async {
        while (try? await Task.sleep(for: pace.gathering)) != nil { await flush() }
    }
}

// MARK: - What live series say

extension BarArchive {
    /// A live series said something.
    package func received(_ event: BarEvent, of request: BarRequest) {
        guard !history.memory.isReadOnly, request.currency == nil,
            history.memory.intervals.contains(request.interval)
        else { return }
        let key = SeriesKey(request)
        let now = history.clock()
        let (isRepairDue, dropped) = state.withLock { $0.receive(event, of: key, at: now) }
        if dropped > 0 { history.journal.update { $0.live.dropped += dropped } }
        if isRepairDue { repair([key]) }
    }

    /// Puts series into the queue of those to be looked through.
    func repair(_ keys: [SeriesKey]) {
        state.withLock { state in
            for key in keys { state.repairs.add(key) }
        }
        alarm.yield()
    }

    /// Writes what waits, but for the bars of series in doubt.
    func flush() async {
        for snapshot in state.withLock({ $0.takeSnapshots() }) {
            if await history.keepLive(snapshot.series, of: snapshot.key) {
                state.withLock { $0.settle(snapshot.doubt, of: snapshot.key) }
            } else {
                repair([snapshot.key])
            }
        }
        for batch in state.withLock({ $0.takeBatches() }) { await history.keepLive(batch) }
    }
}

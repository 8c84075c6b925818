public import MarketData
import MarketHistory
import Synchronization

/// A live source that can also give bars of intervals its upstream does not keep, built from the live bars of a finer
/// one that it does.
///
/// Bars are built and aligned as in `ResampledHistory`: the snapshot is its response, and each bar
/// after it is what that response would hold at the moment. Quotes are the upstream's own.
public struct ResampledLiveFeed: LiveFeedProvider {
    private let source: any LiveFeedProvider
    private let intervals: [Interval]
    private let clock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - source: Who has the finer bars.
    ///   - intervals: Those that the source keeps itself.
    ///   - clock: The time.
    public init(
        _ source: any LiveFeedProvider, keeping intervals: [Interval], clock: @escaping @Sendable () -> Timestamp
    ) {
        self.source = source
        self.intervals = intervals
        self.clock = clock
    }

    /// The quotes of some instruments, as the upstream sends them.
    /// - Throws: `MarketDataError`.
    public func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        try await source.liveQuotes(of: symbols)
    }

    /// The bars of a series, beginning with a snapshot, the upstream's own or built.
    /// - Throws: `MarketDataError`; the feed ends with `notSupported` where the instrument's hours do not let bars be
    ///   built.
    public func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        guard let building = try BarBuilding(of: request, keeping: intervals) else {
            return try await source.liveBars(request)
        }
        let parts = try await source.liveBars(building.partsRequest)
        let (feed, wholes) = Feed.ofBars()
        let machine = Building(machine: ResampledLiveBars(building))
        let task = Task { [clock] in await machine.run(parts, into: wholes, clock: clock) }
        wholes.onAbandoned { task.cancel() }
        return feed
    }

    /// The machine between the feed of the parts and that of the wholes.
    private final class Building: Sendable {
        private let machine: Mutex<ResampledLiveBars>

        init(machine: consuming ResampledLiveBars) { self.machine = Mutex(machine) }

        /// Reads the parts until they end or the last reader of the wholes leaves.
        func run(
            _ parts: Feed<BarEvent>, into wholes: FeedSource<BarEvent>, clock: @escaping @Sendable () -> Timestamp
        ) async {
            do {
                for try await event in parts { try take(event, into: wholes, at: clock()) }
                wholes.finish()
            } catch {
                wholes.finish(throwing: error)
            }
        }

        /// Sends under the lock, so that events keep their order.
        private func take(_ event: BarEvent, into wholes: FeedSource<BarEvent>, at now: Timestamp) throws {
            try machine.withLock { machine in
                for event in try machine.take(event, at: now) { wholes.send(event) }
            }
        }
    }
}

/// Builds live bars from those of a finer interval: events of the parts go in, events of the
/// wholes says comes out. A state machine without clock or feed.
///
/// A whole is final once its last part is, or once a later one opens; that its time is over proves nothing. A whole with an unrepaired gap
/// sends only the gap.
struct ResampledLiveBars: Sendable {
    private let building: BarBuilding
    private var grids: BarGrids?
    /// The parts of the newest wholes, ascending.
    private var parts: [Bar] = []
    /// The wholes as they were sent last.
    private var sent: [Timestamp: Bar] = [:]
    /// Where the complete wholes begin.
    private var start: Timestamp?
    /// Spans whose parts have not come, as they were sent.
    private var gaps: [TimeRange] = []

    /// The number of wholes kept with their parts: upstream may correct recent bars.
    private static let wholesKept = 3

    init(_ building: BarBuilding) { self.building = building }

    /// What an event of the finer series means.
    /// - Throws: `MarketDataError` where the instrument's hours do not let bars be built.
    mutating func take(_ event: BarEvent, at now: Timestamp) throws(MarketDataError) -> [BarEvent] {
        switch event {
        case .snapshot(let series): return [.snapshot(try begin(with: series, at: now))]
        case .bar(let bar):
            place(bar)
            return news()
        case .gap(let range):
            let gap = widened(range)
            gaps.append(gap)
            return [.gap(gap)]
        case .repaired(let range, let bars): return repair(range, with: bars)
        case .status: return [event]
        }
    }

    private mutating func begin(with series: BarSeries, at now: Timestamp) throws(MarketDataError) -> BarSeries {
        let grids = try building.grids(for: series)
        let built = try building.series(from: series, by: grids, at: now)
        (self.grids, parts) = (grids, series.bars)
        gaps = series.gaps.map { widened($0.range) }
        sent = Dictionary(built.bars.map { ($0.time, $0) }) { _, newer in newer }
        // A first bar cut by the window is not sent; the next one is.
        start = built.bars.first?.time ?? series.bars.first.map { grids.wholes.place(of: $0.time).reach }
        if series.bars.isEmpty || series.shortfall == .startOfHistory { start = Timestamp(milliseconds: .min) }
        forget()
        return built
    }

    private mutating func repair(_ range: TimeRange, with bars: [Bar]) -> [BarEvent] {
        let gap = widened(range)
        gaps.removeAll { $0 == gap }
        for bar in bars { place(bar) }
        let wholes = self.wholes()
        let mended = wholes.filter { bar in
            bar.isFinal && bar.time >= gap.from && bar.time < gap.to && !isTorn(bar) && sent[bar.time] != bar
        }
        for bar in mended { sent[bar.time] = bar }
        return [.repaired(gap, mended)] + news()
    }

    /// The wholes that differ from those sent, oldest first.
    private mutating func news() -> [BarEvent] {
        let fresh = wholes().filter { sent[$0.time] != $0 && !isTorn($0) }
        for bar in fresh { sent[bar.time] = bar }
        forget()
        return fresh.map(BarEvent.bar)
    }

    /// The wholes that the present parts make.
    private func wholes() -> [Bar] {
        guard let grids else { return [] }
        var moment = Timestamp(milliseconds: .min)
        // A part that is over ends with its span, also if the clock is behind.
        if let last = parts.last, last.isFinal { moment = max(moment, grids.parts.place(of: last.time).bar.to) }
        // Parts ascend by the way they are placed, which is all that the resampler refuses.
        let built = (try? grids.resampler.resample(parts, asOf: moment))?.bars ?? []
        guard let start else { return built }
        return built.filter { $0.time >= start }
    }

    /// Whether parts of the bar may be missing.
    private func isTorn(_ bar: Bar) -> Bool {
        guard !gaps.isEmpty, let whole = grids?.wholes.place(of: bar.time).bar else { return false }
        return gaps.contains { $0.from < whole.to && whole.from < $0.to }
    }

    /// The gap, from the opening of the whole that it begins in: that one is not to be relied on either.
    private func widened(_ range: TimeRange) -> TimeRange {
        let whole = grids?.wholes.place(of: range.from).bar
        return TimeRange(from: min(whole?.from ?? range.from, range.from), to: range.to)
    }

    private mutating func place(_ bar: Bar) {
        var place = parts.endIndex
        while place > 0, parts[place - 1].time > bar.time { place -= 1 }
        if place > 0, parts[place - 1].time == bar.time {
            parts[place - 1] = bar
        } else if place > 0 || parts.isEmpty {
            parts.insert(bar, at: place)
        }
    }

    /// Drops parts of older wholes than are kept.
    private mutating func forget() {
        guard let grids else { return }
        let newest = sent.keys.sorted().suffix(ResampledLiveBars.wholesKept)
        guard let oldest = newest.first, newest.count == ResampledLiveBars.wholesKept else { return }
        sent = sent.filter { $0.key >= oldest }
        guard let first = parts.first, first.time < oldest else { return }
        let from = grids.wholes.place(of: oldest).bar.from
        parts.removeAll { $0.time < from }
        gaps.removeAll { $0.to <= from }
        start = max(start ?? from, from)
    }
}

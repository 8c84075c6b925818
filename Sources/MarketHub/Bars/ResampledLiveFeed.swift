public import MarketData
import MarketHistory
import Synchronization

/// A live source that can also give bars of intervals its upstream does not keep, built from the live bars of a finer
/// one that it does.
///
/// What is built, and how it is aligned, is the rule of `ResampledHistory`: the snapshot is its answer, and each bar
/// after it what that answer would hold at the moment. Quotes are the upstream's own.
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

    /// The quotes of some instruments, as the upstream tells them.
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
        let parts = try await source.liveBars(building.question)
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

        /// Reads the parts until they end or nobody wants the wholes any more.
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

        /// What is told is sent before anybody else may tell something later.
        private func take(_ event: BarEvent, into wholes: FeedSource<BarEvent>, at now: Timestamp) throws {
            try machine.withLock { machine in
                for event in try machine.take(event, at: now) { wholes.send(event) }
            }
        }
    }
}

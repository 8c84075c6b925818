public import MarketData

/// A source of past bars that can also give intervals its upstream does not keep, built from finer bars that it does.
///
/// Only what divides exactly is built, aligned to the instrument's sessions; everything else stays the upstream's
/// refusal. What was built says from which interval.
public struct ResampledHistory: BarHistoryProvider {
    private let source: any BarHistoryProvider
    private let intervals: [Interval]
    private let clock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - source: Who has the finer bars.
    ///   - intervals: Those that the source keeps itself.
    ///   - clock: The time.
    public init(
        _ source: any BarHistoryProvider, keeping intervals: [Interval], clock: @escaping @Sendable () -> Timestamp
    ) {
        self.source = source
        self.intervals = intervals
        self.clock = clock
    }

    /// The bars asked for, the upstream's own or built.
    /// - Throws: `MarketDataError`; `notSupported` where the instrument's hours do not let bars be built.
    public func bars(_ request: BarRequest) async throws -> BarSeries {
        guard let building = try BarBuilding(of: request, keeping: intervals) else {
            return try await source.bars(request)
        }
        let parts = try await source.bars(building.question)
        return try building.series(from: parts, by: building.grids(for: parts), at: clock())
    }
}

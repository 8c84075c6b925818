public import MarketData

/// A source of past bars that can also give intervals its upstream does not keep, built from finer bars that it does.
///
/// Only what divides exactly is built, aligned to the instrument's sessions; everything else stays the upstream's
/// refusal. What was built says from which interval.
public struct ResampledHistory: BarHistoryProvider, ReusableBarHistory {
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

    /// The bars requested, the upstream's own or built.
    /// - Throws: `MarketDataError`; `notSupported` where the instrument's hours do not let bars be built.
    public func bars(_ request: BarRequest) async throws -> BarSeries { try await reusableBars(request).value }

    /// The same, valid as long as the bars that they are built from.
    package func reusableBars(_ request: BarRequest) async throws -> Reusable<BarSeries> {
        guard let building = try BarBuilding(of: request, keeping: intervals) else {
            return try await source.barsWithValidity(request)
        }
        let time = Validity(clock: clock)
        let parts = try await source.barsWithValidity(building.partsRequest)
        let built = try building.series(from: parts.value, by: building.grids(for: parts.value), at: time.moment)
        return Reusable(built, validity: parts.validity.map(time.limited))
    }
}

/// How bars of an interval that a source does not keep are put together from finer ones that it does: the request for
/// the finer bars, and their alignment to the instrument's sessions.
package struct BarBuilding {
    /// The bars that are wanted.
    package let request: BarRequest
    /// The bars that they are built from.
    package let partsRequest: BarRequest

    /// - Returns: `nil` where the source keeps the interval itself, and where it cannot be built, such as seconds: that
    ///   the source refuses in its own words.
    /// - Throws: `MarketDataError`: `tooLarge` where it would take too many finer bars.
    package init?(of request: BarRequest, keeping intervals: [Interval]) throws(MarketDataError) {
        guard !intervals.contains(request.interval), let parent = request.interval.parent(among: intervals) else {
            return nil
        }
        self.request = request
        partsRequest = try BarBuilding.partsRequest(for: request, from: parent)
    }

    /// The request for the finer bars, with enough of them for the first bar to be whole.
    private static func partsRequest(
        for request: BarRequest, from parent: Interval
    ) throws(MarketDataError) -> BarRequest {
        var partsRequest = request
        partsRequest.interval = parent
        switch request.span {
        case .count(let count):
            let (parts, isTooMany) = (count + 1).multipliedReportingOverflow(by: request.interval.parts(of: parent))
            guard !isTooMany, parts <= BarRequest.largestCount else {
                throw MarketDataError(
                    .tooLarge,
                    "\(count) bars of \(request.interval) are built from bars of \(parent), more than "
                        + "\(BarRequest.largestCount) of them; request fewer")
            }
            partsRequest.span = .count(parts)
        case .range(let range):
            // A bar that opens at either end of the range has parts beyond it.
            let reach = request.interval.longestSeconds
            partsRequest.span = .range(
                TimeRange(from: range.from.advanced(bySeconds: -reach), to: range.to.advanced(bySeconds: reach)))
        }
        return partsRequest
    }

    /// What puts the parts together, and where its bars begin and end.
    ///
    /// Days and longer need every holiday; those are known for India, and there are none where trading never stops.
    /// - Throws: `MarketDataError`: `notSupported` where the instrument's hours do not let bars be built.
    package func grids(for parts: BarSeries) throws(MarketDataError) -> BarGrids {
        do {
            switch InstrumentCalendar(of: request.symbol, instrument: parts.instrument) {
            case .exchange(let calendar, let segment):
                return BarGrids(
                    resampler: try BarResampler(
                        from: partsRequest.interval, to: request.interval, calendar: calendar, segment: segment),
                    parts: BarBoundaries(interval: partsRequest.interval, calendar: calendar, segment: segment),
                    wholes: BarBoundaries(interval: request.interval, calendar: calendar, segment: segment))
            case .continuous(let calendar):
                return BarGrids(
                    resampler: try BarResampler(from: partsRequest.interval, to: request.interval, calendar: calendar),
                    parts: BarBoundaries(interval: partsRequest.interval, calendar: calendar),
                    wholes: BarBoundaries(interval: request.interval, calendar: calendar))
            case .sessions(let schedule):
                guard request.interval.isIntraday || parts.instrument?.session == "24x7" else { throw Unknown.holidays }
                return BarGrids(
                    resampler: try BarResampler(from: partsRequest.interval, to: request.interval, schedule: schedule),
                    parts: SessionBars(interval: partsRequest.interval, schedule: schedule),
                    wholes: SessionBars(interval: request.interval, schedule: schedule))
            case .unknown(let reason): throw Unknown.hours(reason)
            }
        } catch {
            throw MarketDataError(
                .notSupported, "bars of \(request.interval) of \(request.symbol) cannot be built: \(error)",
                source: parts.provenance.source)
        }
    }

    /// The series that the parts make, without a first bar that the window cut where it liked.
    /// - Parameter now: The time: what should have ended by then, and by the delay of the source, is over.
    /// - Throws: `MarketDataError`.
    package func series(from parts: BarSeries, by grids: BarGrids, at now: Timestamp) throws(MarketDataError)
        -> BarSeries
    {
        let built: ResampledBars
        do {
            built = try grids.resampler.resample(parts.bars, asOf: parts.provenance.newest(at: now))
        } catch {
            throw MarketDataError(
                .upstreamUnreadable, "the finer bars of \(request.symbol) do not ascend: \(error)",
                source: parts.provenance.source)
        }
        var bars = built.bars
        if let first = bars.first, isCut(first, of: parts, built) { bars.removeFirst() }
        BarBuilding.mark(&bars, missingPartsIn: parts.gaps, of: built, by: grids.wholes)
        var series = parts
        series.request = request
        series.builtFrom = partsRequest.interval
        switch request.span {
        case .count(let count):
            series.bars = bars.suffix(count)
            if series.bars.count == count { series.shortfall = nil }
        case .range(let range):
            series.bars = bars.filter { range.contains($0.time) }
            // Bars missing before the range are not a shortfall of it.
            if let first = parts.bars.first, first.time <= range.from { series.shortfall = nil }
        }
        trim(&series, by: grids)
        return series
    }

    /// Whether the window of the parts begins within the first bar, so that it is not whole. History's own first bar is as
    /// whole as it ever was.
    private func isCut(_ first: Bar, of parts: BarSeries, _ built: ResampledBars) -> Bool {
        guard parts.shortfall != .startOfHistory else { return false }
        if parts.shortfall == nil, case .range(let range) = partsRequest.span { return first.time < range.from }
        return built.incomplete.contains(first.time)
    }

    /// More parts are requested than are needed. Gaps and rolls among the extra parts are removed.
    private func trim(_ series: inout BarSeries, by grids: BarGrids) {
        var (start, end) = (series.bars.first?.time, Timestamp?.none)
        if case .range(let range) = request.span {
            start = range.from
            let reach = series.bars.last.map { grids.wholes.place(of: $0.time).reach }
            end = max(range.to, reach ?? range.to)
        }
        series.gaps.removeAll { gap in
            start.map { gap.range.to <= $0 } ?? false || end.map { gap.range.from >= $0 } ?? false
        }
        series.rolls?.removeAll { roll in
            start.map { roll.time < $0 } ?? false || end.map { roll.time >= $0 } ?? false
        }
    }

    /// A bar is not final while missing parts may still arrive.
    private static func mark(
        _ bars: inout [Bar], missingPartsIn gaps: [Gap], of built: ResampledBars, by wholes: any BarGrid
    ) {
        guard !gaps.isEmpty else { return }
        let incomplete = Set(built.incomplete)
        for index in bars.indices where incomplete.contains(bars[index].time) {
            let span = wholes.place(of: bars[index].time).bar
            if gaps.contains(where: { $0.range.from < span.to && $0.range.to > span.from }) {
                bars[index].isFinal = false
            }
        }
    }

    private enum Unknown: Error, CustomStringConvertible {
        case hours(InstrumentCalendar.Reason)
        case holidays

        var description: String {
            switch self {
            case .hours(let reason): reason.description
            case .holidays: "its exchange's holidays are not known"
            }
        }
    }
}

/// What puts bars together, and where those of both intervals begin and end.
package struct BarGrids: Sendable {
    package let resampler: BarResampler
    package let parts: any BarGrid
    package let wholes: any BarGrid
}

extension Provenance {
    /// The moment of the market that the source reports now: late data do not end a bar that they have not reached.
    package func newest(at now: Timestamp) -> Timestamp {
        let late = delaySeconds ?? (mode == .delayed ? Provenance.usualDelay : 0)
        return now.advanced(bySeconds: -Int64(late))
    }

    /// Seconds by which exchanges delay data for those who do not pay for them.
    private static let usualDelay = 900
}

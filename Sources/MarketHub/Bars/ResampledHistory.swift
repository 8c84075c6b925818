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
        // What neither is kept nor can be built, such as seconds, the upstream refuses in its own words.
        guard !intervals.contains(request.interval), let parent = request.interval.parent(among: intervals) else {
            return try await source.bars(request)
        }
        let question = try ResampledHistory.question(for: request, from: parent)
        let parts = try await source.bars(question)
        return try build(request, from: parts)
    }

    /// The question for the finer bars, with enough of them for the first bar to be whole.
    private static func question(for request: BarRequest, from parent: Interval) throws -> BarRequest {
        var question = request
        question.interval = parent
        switch request.span {
        case .count(let count):
            let (parts, isTooMany) = (count + 1).multipliedReportingOverflow(by: request.interval.parts(of: parent))
            guard !isTooMany, parts <= BarRequest.largestCount else {
                throw MarketDataError(
                    .tooLarge,
                    "\(count) bars of \(request.interval) are built from bars of \(parent), more than "
                        + "\(BarRequest.largestCount) of them; ask for fewer")
            }
            question.span = .count(parts)
        case .range(let range):
            let reach = Int64(request.interval.longestSeconds)
            question.span = .range(TimeRange(from: range.from.advanced(bySeconds: -reach), to: range.to))
        }
        return question
    }

    private func build(_ request: BarRequest, from parts: BarSeries) throws -> BarSeries {
        let resampler = try resampler(request, parts: parts)
        let built: ResampledBars
        do {
            built = try resampler.resample(parts.bars, asOf: clock())
        } catch {
            throw MarketDataError(
                .upstreamUnreadable, "the finer bars of \(request.symbol) do not ascend: \(error)",
                source: parts.provenance.source)
        }
        var bars = built.bars
        // The window cuts the first bar where it likes; history's own first bar is as whole as it ever was.
        if parts.shortfall != .startOfHistory, let first = bars.first, built.incomplete.contains(first.time) {
            bars.removeFirst()
        }
        var series = parts
        series.request = request
        series.builtFrom = parts.request.interval
        switch request.span {
        case .count(let count):
            series.bars = bars.suffix(count)
            if series.bars.count == count { series.shortfall = nil }
        case .range(let range):
            series.bars = bars.filter { range.contains($0.time) }
        }
        return series
    }

    /// Days and longer need every holiday; those are known for India, and there are none where trading never stops.
    private func resampler(_ request: BarRequest, parts: BarSeries) throws -> BarResampler {
        let finer = parts.request.interval
        let sessions = parts.instrument?.session
        do {
            if sessions != "24x7", ["NSE", "BSE"].contains(request.symbol.exchange) {
                return try BarResampler(from: finer, to: request.interval, calendar: .nse)
            }
            guard let sessions, let zone = parts.instrument?.timeZone else { throw Unknown.hours }
            guard request.interval.isIntraday || sessions == "24x7" else { throw Unknown.holidays }
            let schedule = try SessionSchedule(sessions: sessions, zone: zone)
            return try BarResampler(from: finer, to: request.interval, schedule: schedule)
        } catch {
            throw MarketDataError(
                .notSupported, "bars of \(request.interval) of \(request.symbol) cannot be built: \(error)",
                source: parts.provenance.source)
        }
    }

    private enum Unknown: Error, CustomStringConvertible {
        case hours, holidays

        var description: String {
            switch self {
            case .hours: "the source does not say when it trades"
            case .holidays: "its exchange's holidays are not known"
            }
        }
    }
}

extension Interval {
    /// How many bars of a finer interval one of this may hold at the most.
    fileprivate func parts(of finer: Interval) -> Int {
        Int((Double(longestSeconds) / Double(finer.shortestSeconds)).rounded(.up))
    }

    /// The longest that one bar may last, nights and holidays between its sessions included.
    fileprivate var longestSeconds: Int {
        switch unit {
        case .second, .minute, .hour: Int(seconds ?? 0)
        case .day: count == 1 ? 86_400 : count * 86_400 * 2 + 7 * 86_400
        case .week: count * 7 * 86_400
        case .month: count * 31 * 86_400
        }
    }

    private var shortestSeconds: Int {
        switch unit {
        case .second, .minute, .hour: Int(seconds ?? 1)
        case .day: count * 86_400
        case .week: count * 7 * 86_400
        case .month: count * 28 * 86_400
        }
    }
}

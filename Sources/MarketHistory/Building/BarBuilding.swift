package import MarketData

/// How bars of an interval that a source does not keep are put together from finer ones that it does: the question for
/// the finer bars, and their alignment to the instrument's sessions.
package struct BarBuilding {
    /// The bars that are wanted.
    package let request: BarRequest
    /// The bars that they are built from.
    package let question: BarRequest

    /// - Returns: `nil` where the source keeps the interval itself, and where it cannot be built, such as seconds: that
    ///   the source refuses in its own words.
    /// - Throws: `MarketDataError`: `tooLarge` where it would take too many finer bars.
    package init?(of request: BarRequest, keeping intervals: [Interval]) throws(MarketDataError) {
        guard !intervals.contains(request.interval), let parent = request.interval.parent(among: intervals) else {
            return nil
        }
        self.request = request
        question = try BarBuilding.question(for: request, from: parent)
    }

    /// The question for the finer bars, with enough of them for the first bar to be whole.
    private static func question(
        for request: BarRequest, from parent: Interval
    ) throws(MarketDataError) -> BarRequest {
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

    /// What puts the parts together, and where its bars begin and end.
    ///
    /// Days and longer need every holiday; those are known for India, and there are none where trading never stops.
    /// - Throws: `MarketDataError`: `notSupported` where the instrument's hours do not let bars be built.
    package func grids(for parts: BarSeries) throws(MarketDataError) -> BarGrids {
        let sessions = parts.instrument?.session
        do {
            // Currencies at NSE trade at other hours, and some instruments around the clock.
            if sessions?.hasPrefix("0915-15") ?? true, ["NSE", "BSE"].contains(request.symbol.exchange) {
                let segment = request.symbol.segment
                return BarGrids(
                    resampler: try BarResampler(
                        from: question.interval, to: request.interval, calendar: .nse, segment: segment),
                    parts: BarBoundaries(interval: question.interval, segment: segment),
                    wholes: BarBoundaries(interval: request.interval, segment: segment))
            }
            guard let sessions, let zone = parts.instrument?.timeZone else { throw Unknown.hours }
            guard request.interval.isIntraday || sessions == "24x7" else { throw Unknown.holidays }
            let schedule = try SessionSchedule(sessions: sessions, zone: zone)
            return BarGrids(
                resampler: try BarResampler(from: question.interval, to: request.interval, schedule: schedule),
                parts: SessionBars(interval: question.interval, schedule: schedule),
                wholes: SessionBars(interval: request.interval, schedule: schedule))
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
        // History's own first bar is as whole as it ever was.
        if parts.shortfall != .startOfHistory, let first = bars.first, built.incomplete.contains(first.time) {
            bars.removeFirst()
        }
        BarBuilding.mark(&bars, lackingPartsIn: parts.gaps, of: built, by: grids.wholes)
        var series = parts
        series.request = request
        series.builtFrom = question.interval
        switch request.span {
        case .count(let count):
            series.bars = bars.suffix(count)
            if series.bars.count == count { series.shortfall = nil }
        case .range(let range):
            series.bars = bars.filter { range.contains($0.time) }
        }
        // More parts are asked for than are needed: what lacks among those is no gap of the answer.
        let start = if case .range(let range) = request.span { range.from } else { series.bars.first?.time }
        if let start { series.gaps.removeAll { $0.range.to <= start } }
        if let start { series.rolls?.removeAll { $0.time < start } }
        return series
    }

    /// A bar that lacks parts which may yet come is not final.
    private static func mark(
        _ bars: inout [Bar], lackingPartsIn gaps: [Gap], of built: ResampledBars, by wholes: any BarGrid
    ) {
        guard !gaps.isEmpty else { return }
        let incomplete = Set(built.incomplete)
        for index in bars.indices where incomplete.contains(bars[index].time) {
            guard let span = wholes.bar(containing: bars[index].time) else { continue }
            if gaps.contains(where: { $0.range.from < span.to && $0.range.to > span.from }) {
                bars[index].isFinal = false
            }
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

/// What puts bars together, and where those of both intervals begin and end.
package struct BarGrids: Sendable {
    package let resampler: BarResampler
    package let parts: any BarGrid
    package let wholes: any BarGrid
}

extension Provenance {
    /// The moment of the market that the source tells of now: late data do not end a bar that they have not reached.
    package func newest(at now: Timestamp) -> Timestamp {
        let late = delaySeconds ?? (mode == .delayed ? Provenance.usualDelay : 0)
        return now.advanced(bySeconds: -Int64(late))
    }

    /// Seconds by which exchanges delay data for those who do not pay for them.
    private static let usualDelay = 900
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

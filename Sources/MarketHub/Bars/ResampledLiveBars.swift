import MarketData
import MarketHistory

/// Puts live bars together from those of a finer interval: what a feed of the parts says goes in, what one of the
/// wholes says comes out. A state machine without clock or feed.
///
/// A whole is final once its last part is, or once a later one opens; that its time is over proves nothing. Of a whole into which an unrepaired gap falls nothing is told but the gap.
struct ResampledLiveBars: Sendable {
    private let building: BarBuilding
    private var grids: BarGrids?
    /// The parts of the newest wholes, ascending.
    private var parts: [Bar] = []
    /// The wholes as they were told last.
    private var told: [Timestamp: Bar] = [:]
    /// Where the wholes begin of which all parts are known.
    private var start: Timestamp?
    /// Spans whose parts have not come, as they were told.
    private var gaps: [TimeRange] = []

    /// How many wholes are kept with their parts: upstream may mend what it just told.
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
        let answer = try building.series(from: series, by: grids, at: now)
        (self.grids, parts) = (grids, series.bars)
        gaps = series.gaps.map { widened($0.range) }
        told = Dictionary(answer.bars.map { ($0.time, $0) }) { _, newer in newer }
        // A first bar of which the window cut a part is not told; the next one is.
        start = answer.bars.first?.time ?? series.bars.first.map { grids.wholes.place(of: $0.time).reach }
        if series.bars.isEmpty || series.shortfall == .startOfHistory { start = Timestamp(milliseconds: .min) }
        forget()
        return answer
    }

    private mutating func repair(_ range: TimeRange, with bars: [Bar]) -> [BarEvent] {
        let gap = widened(range)
        gaps.removeAll { $0 == gap }
        for bar in bars { place(bar) }
        let wholes = self.wholes()
        let mended = wholes.filter { bar in
            bar.isFinal && bar.time >= gap.from && bar.time < gap.to && !isTorn(bar) && told[bar.time] != bar
        }
        for bar in mended { told[bar.time] = bar }
        return [.repaired(gap, mended)] + news()
    }

    /// The wholes that differ from what was told, oldest first.
    private mutating func news() -> [BarEvent] {
        let fresh = wholes().filter { told[$0.time] != $0 && !isTorn($0) }
        for bar in fresh { told[bar.time] = bar }
        forget()
        return fresh.map(BarEvent.bar)
    }

    /// The wholes that the parts at hand make.
    private func wholes() -> [Bar] {
        guard let grids else { return [] }
        var moment = Timestamp(milliseconds: .min)
        // A part that is over ends with its span, whatever our clock says.
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

    /// Lets go of what belongs to older wholes than are kept.
    private mutating func forget() {
        guard let grids else { return }
        let newest = told.keys.sorted().suffix(ResampledLiveBars.wholesKept)
        guard let oldest = newest.first, newest.count == ResampledLiveBars.wholesKept else { return }
        told = told.filter { $0.key >= oldest }
        guard let first = parts.first, first.time < oldest else { return }
        let from = grids.wholes.place(of: oldest).bar.from
        parts.removeAll { $0.time < from }
        gaps.removeAll { $0.to <= from }
        start = max(start ?? from, from)
    }
}

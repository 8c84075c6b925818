import MarketData

/// The newest bars of a series that is open upstream, so that a late reader can begin at once.
struct BarWindow {
    private var series: BarSeries
    private let capacity: Int

    /// A window of at most `capacity` bars.
    init(_ series: BarSeries, capacity: Int) {
        self.series = series
        self.capacity = capacity
        trim()
    }

    /// A bar, forming or final; one with the same time replaces the former.
    mutating func apply(_ bar: Bar, at now: Timestamp) {
        place(bar)
        trim()
        touch(now)
    }

    /// Bars of this span may be missing.
    mutating func note(gap range: TimeRange) {
        series.gaps.append(Gap(range: range, reason: "disconnected"))
    }

    /// The bars of an earlier gap.
    mutating func repair(_ range: TimeRange, with bars: [Bar], at now: Timestamp) {
        for bar in bars { place(bar) }
        series.gaps.removeAll { $0.range == range }
        trim()
        touch(now)
    }

    /// The newest `count` bars of the window, as the response to a request.
    func snapshot(_ request: BarRequest, count: Int) -> BarSeries {
        var snapshot = series
        snapshot.request = request
        snapshot.bars = Array(series.bars.suffix(count))
        snapshot.shortfall = snapshot.bars.count < count ? series.shortfall : nil
        if let first = snapshot.bars.first?.time { snapshot.gaps.removeAll { $0.range.to <= first } }
        return snapshot
    }

    /// The source of the series.
    var source: Provenance.Source { series.provenance.source }

    private mutating func place(_ bar: Bar) {
        var place = series.bars.endIndex
        while place > 0, series.bars[place - 1].time > bar.time { place -= 1 }
        if place > 0, series.bars[place - 1].time == bar.time {
            series.bars[place - 1] = bar
        } else {
            series.bars.insert(bar, at: place)
        }
    }

    /// Lets the oldest go, some at a time, so that a bar that comes does not move all others.
    private mutating func trim() {
        guard series.bars.count > capacity + capacity / 8 + 16 else { return }
        series.bars.removeFirst(series.bars.count - capacity)
        // Bars dropped here are not a shortfall of the source.
        if let first = series.bars.first?.time { series.gaps.removeAll { $0.range.to <= first } }
    }

    private mutating func touch(_ now: Timestamp) {
        let asOf = now.advanced(bySeconds: -Int64(series.provenance.delaySeconds ?? 0))
        series.provenance.asOf = max(series.provenance.asOf, asOf)
    }
}

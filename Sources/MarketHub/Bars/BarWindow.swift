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

    /// The newest `count` bars of the window, and all since an instant, as the response to a request.
    func snapshot(_ request: BarRequest, count: Int, since start: Timestamp? = nil) -> BarSeries {
        var snapshot = series
        snapshot.request = request
        let missed = start.map { start in series.bars.count { $0.time >= start } } ?? 0
        snapshot.bars = Array(series.bars.suffix(max(count, missed)))
        snapshot.shortfall = snapshot.bars.count < count ? series.shortfall : nil
        if let first = snapshot.bars.first?.time { snapshot.gaps.removeAll { $0.range.to <= first } }
        return snapshot
    }

    /// Where the next snapshot of the series must begin for readers of this one: some bars before the newest, which may
    /// have been sent while the source was ill.
    var resumption: Timestamp? { series.bars.suffix(BarWindow.barsInDoubt).first?.time }

    /// How many of the newest bars may have been wrong before a break.
    private static let barsInDoubt = 12

    /// What may be missing between an earlier window and this one; `nil` where they overlap.
    func gap(after former: BarWindow) -> TimeRange? {
        guard let newest = former.series.bars.last?.time, let first = series.bars.first?.time, newest < first else {
            return nil
        }
        return TimeRange(from: newest, to: first)
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

    /// Lets the oldest go with their memory, some at a time, so that a bar that comes does not move all others.
    private mutating func trim() {
        guard series.bars.count > capacity + capacity / 8 + 16 else { return }
        var bars: [Bar] = []
        bars.reserveCapacity(capacity + capacity / 8 + 17)
        bars.append(contentsOf: series.bars.suffix(capacity))
        series.bars = bars
        // Bars dropped here are not a shortfall of the source.
        if let first = series.bars.first?.time { series.gaps.removeAll { $0.range.to <= first } }
    }

    private mutating func touch(_ now: Timestamp) {
        let asOf = now.advanced(bySeconds: -Int64(series.provenance.delaySeconds ?? 0))
        series.provenance.asOf = max(series.provenance.asOf, asOf)
    }
}

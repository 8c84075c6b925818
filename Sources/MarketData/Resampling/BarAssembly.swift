/// A bar while it is being put together.
struct BarAssembly {
    /// From the opening of the bar to its close.
    let whole: TimeRange
    /// The newest part's opening and close.
    private(set) var newest: TimeRange
    private var bar: Bar
    private(set) var lacksPart: Bool

    init(_ part: Bar, over span: TimeRange, of whole: TimeRange, lacksStart: Bool) {
        self.whole = whole
        newest = span
        bar = part
        bar.time = whole.from
        lacksPart = lacksStart
    }

    mutating func append(_ part: Bar, over span: TimeRange, following parts: any BarGrid) {
        if span.from > newest.to, parts.firstBar(openingAtOrAfter: newest.to).from < span.from { lacksPart = true }
        newest = span
        bar.high = max(bar.high, part.high)
        bar.low = min(bar.low, part.low)
        bar.close = part.close
        bar.openInterest = part.openInterest
        bar.isFinal = bar.isFinal && part.isFinal
        guard let sum = bar.volume, let volume = part.volume else {
            bar.volume = nil
            return
        }
        bar.volume = sum + volume
    }

    /// The bar as it stands at a moment, and whether it lacks a part that has ended by then.
    func closed(
        at moment: Timestamp, isSuperseded: Bool, parts: any BarGrid
    ) -> (bar: Bar, isComplete: Bool) {
        var bar = bar
        bar.isFinal = bar.isFinal && (isSuperseded || whole.to <= moment)
        let next = parts.firstBar(openingAtOrAfter: newest.to)
        let lacksEnd = next.from < whole.to && (isSuperseded || next.to <= moment)
        return (bar, !lacksPart && !lacksEnd)
    }
}

/// A bar while it is being put together.
struct BarAssembly {
    /// The bar's span, and how far what belongs to it reaches.
    let place: BarPlace
    /// The newest part's opening and close.
    private(set) var newest: TimeRange
    private var bar: Bar
    private(set) var lacksPart: Bool

    init(_ part: Bar, over span: TimeRange, of place: BarPlace, lacksStart: Bool) {
        self.place = place
        newest = span
        bar = part
        bar.time = place.bar.from
        lacksPart = lacksStart
    }

    mutating func append(_ part: Bar, over span: TimeRange, following parts: any BarGrid) {
        if span.from > newest.to, parts.firstExpectedBar(openingAtOrAfter: newest.to).from < span.from {
            lacksPart = true
        }
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
        let closes = max(place.bar.to, newest.to)
        bar.isFinal = bar.isFinal && (isSuperseded || closes <= moment)
        let next = parts.firstExpectedBar(openingAtOrAfter: newest.to)
        let lacksEnd = next.from < place.bar.to && (isSuperseded || next.to <= moment)
        return (bar, !lacksPart && !lacksEnd)
    }
}

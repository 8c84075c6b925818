/// Puts bars of an interval together from bars of a finer one that divides it.
///
/// The open is that of the first part, the close and the open interest those of the last, high and low the extremes,
/// the volume the sum, unknown if that of any part is. Bars are aligned to the exchange's sessions, and every part is
/// in one of them: what lies outside the sessions belongs to a bar of its day (`BarGrid.place`). A source's own bars
/// of days may differ from such ones in the close, where the exchange fixes an official price after trading.
public struct BarResampler: Sendable {
    private let parts: any BarGrid
    private let wholes: any BarGrid

    /// A resampler for an exchange whose calendar is known.
    /// - Throws: `ResamplingError.notDivisible`.
    public init(
        from finer: Interval, to interval: Interval, calendar: TradingCalendar,
        segment: TradingCalendar.Segment = .cash
    ) throws(ResamplingError) {
        try self.init(
            parts: BarBoundaries(interval: finer, calendar: calendar, segment: segment),
            wholes: BarBoundaries(interval: interval, calendar: calendar, segment: segment)
        )
    }

    /// A resampler for an instrument whose sessions are known as TradingView writes them.
    /// - Throws: `ResamplingError.notDivisible`.
    public init(
        from finer: Interval, to interval: Interval, schedule: SessionSchedule
    ) throws(ResamplingError) {
        try self.init(
            parts: SessionBars(interval: finer, schedule: schedule),
            wholes: SessionBars(interval: interval, schedule: schedule)
        )
    }

    private init(parts: any BarGrid, wholes: any BarGrid) throws(ResamplingError) {
        guard wholes.interval.isBuilt(from: parts.interval) else {
            throw .notDivisible(wholes.interval, from: parts.interval)
        }
        self.parts = parts
        self.wholes = wholes
    }

    /// The bars that finer ones make.
    ///
    /// A bar is final when it is over (its close has passed, or a later bar is there) and all its parts are final. One
    /// that is final and incomplete may yet change if the source was late with a part.
    /// - Parameters:
    ///   - bars: Bars of the finer interval, ascending by time; the newest may be forming.
    ///   - moment: The time that the bars are of: what should have ended by then and is missing makes a bar incomplete.
    /// - Throws: `ResamplingError.notAscending`.
    public func resample(_ bars: [Bar], asOf moment: Timestamp) throws(ResamplingError) -> ResampledBars {
        var result = ResampledBars()
        var current: BarAssembly?
        var newest: Timestamp?
        for bar in bars {
            if let newest, bar.time <= newest { throw .notAscending(bar.time) }
            newest = bar.time
            if let assembly = current, bar.time < assembly.place.reach {
                current?.append(bar, over: span(of: bar, following: assembly), following: parts)
            } else {
                close(current, at: moment, isSuperseded: true, into: &result)
                let place = wholes.place(of: bar.time)
                let first = parts.firstExpectedBar(openingAtOrAfter: place.bar.from)
                current = BarAssembly(
                    bar, over: span(of: bar, following: nil), of: place, missesStart: first.from < bar.time)
            }
        }
        close(current, at: moment, isSuperseded: false, into: &result)
        return result
    }

    private func close(
        _ assembly: BarAssembly?, at moment: Timestamp, isSuperseded: Bool, into result: inout ResampledBars
    ) {
        guard let assembly else { return }
        let (bar, isComplete) = assembly.closed(at: moment, isSuperseded: isSuperseded, parts: parts)
        result.bars.append(bar)
        if !isComplete { result.incomplete.append(bar.time) }
    }

    /// From a part's opening to its close.
    private func span(of bar: Bar, following assembly: BarAssembly?) -> TimeRange {
        // Within a session the parts of a bar tile it: no need to look at the calendar.
        if let assembly, bar.time == assembly.newest.to, bar.time < assembly.place.bar.to, wholes.interval.isIntraday,
            let length = parts.interval.seconds
        {
            return TimeRange(from: bar.time, to: min(bar.time.advanced(bySeconds: length), assembly.place.bar.to))
        }
        return TimeRange(from: bar.time, to: parts.place(of: bar.time).bar.to)
    }
}

/// A bar while it is being put together.
struct BarAssembly {
    /// The bar's span, and how far what belongs to it reaches.
    let place: BarPlace
    /// The newest part's opening and close.
    private(set) var newest: TimeRange
    private var bar: Bar
    private(set) var missesPart: Bool

    init(_ part: Bar, over span: TimeRange, of place: BarPlace, missesStart: Bool) {
        self.place = place
        newest = span
        bar = part
        bar.time = place.bar.from
        missesPart = missesStart
    }

    mutating func append(_ part: Bar, over span: TimeRange, following parts: any BarGrid) {
        if span.from > newest.to, parts.firstExpectedBar(openingAtOrAfter: newest.to).from < span.from {
            missesPart = true
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

    /// The bar at a moment, and whether a part that has ended by then is missing.
    func closed(
        at moment: Timestamp, isSuperseded: Bool, parts: any BarGrid
    ) -> (bar: Bar, isComplete: Bool) {
        var bar = bar
        let closes = max(place.bar.to, newest.to)
        bar.isFinal = bar.isFinal && (isSuperseded || closes <= moment)
        let next = parts.firstExpectedBar(openingAtOrAfter: newest.to)
        let missesEnd = next.from < place.bar.to && (isSuperseded || next.to <= moment)
        return (bar, !missesPart && !missesEnd)
    }
}

/// Bars built from finer ones; each finer bar is in one of them.
public struct ResampledBars: Hashable, Sendable {
    /// Ascending by time. A bar without any part is left out.
    public var bars: [Bar]
    /// The openings of those bars of which a part was not there, ascending. Whether nothing was traded in it or the
    /// source left it out, the bars cannot say.
    public var incomplete: [Timestamp]

    /// A result from its parts.
    public init(bars: [Bar] = [], incomplete: [Timestamp] = []) {
        self.bars = bars
        self.incomplete = incomplete
    }
}

/// Why bars cannot be put together.
public enum ResamplingError: Error, Hashable, Sendable {
    /// The finer interval does not divide the coarser one.
    case notDivisible(Interval, from: Interval)
    /// A bar does not open after the one before it.
    case notAscending(Timestamp)
}

extension ResamplingError: CustomStringConvertible {
    /// The reason, as text.
    public var description: String {
        switch self {
        case .notDivisible(let interval, let finer):
            "bars of \(interval) cannot be built exactly from bars of \(finer)"
        case .notAscending(let time):
            "the bar of \(time) does not come after the one before it; bars must be in order, each time once"
        }
    }
}

public import MarketData

/// The instant at which India's clocks show a time, such as `2026-11-20 10:30`.
public func india(_ text: String) -> Timestamp {
    let halves = text.split(separator: " ")
    guard halves.count == 2, let date = CalendarDate(halves[0]), let time = ClockTime(halves[1]) else {
        fatalError("not a date and a time: '\(text)'")
    }
    return IndianTime.timestamp(date, time)
}

/// The date that a text such as `2026-11-20` names.
public func day(_ text: String) -> CalendarDate {
    guard let date = CalendarDate(text) else { fatalError("not a date: '\(text)'") }
    return date
}

extension Symbol {
    public static let nifty = Symbol(exchange: "NSE", ticker: "NIFTY")
    public static let bankNifty = Symbol(exchange: "NSE", ticker: "BANKNIFTY")
}

extension Provenance {
    /// The provenance of a streaming source at the thousandth second.
    public static func of(_ source: Source) -> Provenance {
        Provenance(source: source, feed: nil, mode: .streaming, delaySeconds: 0, asOf: Timestamp(seconds: 1000))
    }
}

extension Bar {
    /// A bar of one price that opens a number of minutes after 1970 began.
    public static func at(_ minute: Int, close: Double = 1, final: Bool = true) -> Bar {
        Bar(
            time: Timestamp(seconds: Int64(minute) * 60), open: 1, high: 1, low: 1, close: close, volume: nil,
            isFinal: final)
    }
}

extension BarRequest {
    /// A request for the newest one-minute bars of NIFTY.
    public static func minutes(_ count: Int) -> BarRequest {
        BarRequest(symbol: .nifty, interval: .oneMinute, span: .count(count))
    }
}

extension BarSeries {
    /// One-minute bars of NIFTY that open in a range of minutes after 1970 began.
    public static func minutes(_ range: ClosedRange<Int>, shortfall: Shortfall? = nil) -> BarSeries {
        BarSeries(
            request: .minutes(range.count), bars: range.map { Bar.at($0) }, shortfall: shortfall,
            provenance: .of(.tradingview))
    }
}

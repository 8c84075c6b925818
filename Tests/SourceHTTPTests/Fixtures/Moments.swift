import MarketData

@testable import SourceHTTP

/// The instant at which India's clocks show this, such as `2026-11-20 10:30`.
func india(_ text: String) -> Timestamp {
    let halves = text.split(separator: " ")
    guard halves.count == 2, let date = CalendarDate(halves[0]), let time = ClockTime(halves[1]) else {
        fatalError("'\(text)' is no date and time")
    }
    return IndianTime.timestamp(date, time)
}

func day(_ text: String) -> CalendarDate {
    guard let date = CalendarDate(text) else { fatalError("'\(text)' is no date") }
    return date
}

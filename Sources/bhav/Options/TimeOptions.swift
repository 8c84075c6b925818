import ArgumentParser
import Foundation
import MarketData
import MarketFormats

/// The moment that `--at`, `--from` and `--to` mean.
enum MomentOption {
    /// Reads a date, an instant, a time without a zone, which is the exchange's, a time alone, which is today's, `today`,
    /// `yesterday`, `now`, or how long ago it was.
    /// - Parameter edge: Which end of the day a date means.
    /// - Throws: `MarketDataError`, naming the text.
    static func moment(
        _ text: String, of symbol: Symbol, now: Timestamp, dateMeans edge: Timestamp.DayEdge = .end
    ) throws(MarketDataError) -> Timestamp {
        let zone = ExchangeZone.zone(of: symbol.exchange)
        if let past = try AgoOption.text(text, zone: zone, now: now) {
            return try Timestamp(past, zone: zone, dateMeans: edge)
        }
        let words = text.lowercased()
        if words == "now" { return now }
        let days = ["today": 0, "yesterday": -1]
        let day = days[words] ?? days.first { words.hasPrefix("\($0.key) ") }?.value
        guard day != nil || ClockTime(text) != nil else {
            return try Timestamp(try DateInput.iso(text) ?? text, zone: zone, dateMeans: edge)
        }
        guard let zone else {
            throw .badRequest(
                "'\(text)' needs the time zone of the exchange, which is unknown; use a time with Z or an offset")
        }
        let ahead = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now.seconds))))
        let date = CalendarDate.split(seconds: now.seconds + ahead).date.advanced(byDays: day ?? 0)
        let clock = day == nil ? text[...] : text.drop { $0 != " " }.dropFirst()
        return try Timestamp(clock.isEmpty ? "\(date)" : "\(date)T\(clock)", zone: zone, dateMeans: edge)
    }
}

/// The range that `--from` and `--to` mean.
enum TimeRangeOption {
    static let fromHelp =
        "First bar: a date, a time (of the exchange unless it has a zone), today, yesterday, or 12h, 30d, 26w, 2y ago."
    static let toHelp = "End: a date, which is included, or a time, which is not (default: now)."

    /// `nil` without `--from`; up to now without `--to`.
    /// - Throws: `MarketDataError`, naming what is wrong.
    static func range(from: String?, to: String?, symbol: Symbol, now: Timestamp) throws -> TimeRange? {
        guard let from else {
            if to != nil { throw MarketDataError.badRequest("--to needs --from") }
            return nil
        }
        let start = try MomentOption.moment(from, of: symbol, now: now, dateMeans: .start)
        let end = try to.map { try MomentOption.moment($0, of: symbol, now: now) } ?? now.advanced(bySeconds: 1)
        guard start < end else {
            if to == nil { throw MarketDataError.badRequest("--from \(from) is in the future; it is \(now) now") }
            throw MarketDataError.badRequest("the range from \(start) to \(end) is empty: --from must lie before --to")
        }
        return TimeRange(from: start, to: end)
    }
}

/// A moment given as an age: `12h`, or `30d`, `26w`, `2y` for a day of the exchange.
enum AgoOption {
    private static let mostYears: Int64 = 100

    /// The moment in the form that any other has: a date, or an instant; `nil` for any other text.
    ///
    /// Days are dates, so that the same order of the same day stays the same. A year has 365 of them.
    /// - Throws: `MarketDataError.badRequest`, naming the text: for more than a hundred years, and for days of an exchange
    ///   whose zone is not known.
    static func text(_ text: String, zone: TimeZone?, now: Timestamp) throws(MarketDataError) -> String? {
        let hours: [Character: Int64] = ["h": 1, "d": 24, "w": 7 * 24, "y": 365 * 24]
        guard let unit = text.last, let length = hours[unit], let count = Int64(text.dropLast()), count > 0 else {
            return nil
        }
        guard count <= mostYears * 365 * 24 / length else {
            throw .badRequest("'\(text)' is more than \(mostYears) years ago; choose a later date")
        }
        guard unit != "h" else { return now.advanced(bySeconds: -count * 3_600).description }
        guard let zone else {
            throw .badRequest(
                "'\(text)' needs the time zone of the exchange, which is unknown; use a time with Z or an offset "
                    + "(+05:30), or hours (48h)")
        }
        let ahead = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now.seconds))))
        let today = CalendarDate.split(seconds: now.seconds + ahead).date
        return today.advanced(byDays: -Int(count * length / 24)).description
    }
}

/// A length of time as people write it: `30s`, `10m`, `2h`, `1h30m`, `90 min`, or plain seconds.
struct DurationOption: ExpressibleByArgument, Hashable, CustomStringConvertible {
    private static let longest = 366 * 86_400

    /// The length, more than nothing.
    let seconds: Int
    private let text: String

    init?(argument: String) {
        var rest = argument.lowercased().filter { $0 != " " }[...]
        var seconds = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            let unit = rest.prefix { !$0.isNumber }
            rest = rest[unit.endIndex...]
            guard let number = Int(digits), number <= DurationOption.longest,
                let length = DurationOption.units[String(unit)]
            else { return nil }
            seconds += number * length
            guard seconds <= DurationOption.longest else { return nil }
        }
        guard seconds > 0 else { return nil }
        self.seconds = seconds
        text = argument
    }

    var duration: Duration { .seconds(seconds) }
    var description: String { text }
    var defaultValueDescription: String { text }

    private static let units: [String: Int] = [
        "": 1, "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "mins": 60, "minute": 60,
        "minutes": 60, "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "d": 86_400, "day": 86_400,
        "days": 86_400,
    ]
}

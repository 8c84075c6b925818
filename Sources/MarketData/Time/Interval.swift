/// How long a bar is: a whole number of seconds, minutes, hours, days, weeks or months.
public struct Interval: Hashable, Sendable {
    /// What an interval counts.
    public enum Unit: String, CaseIterable, Sendable {
        case second = "s"
        case minute = "m"
        case hour = "h"
        case day = "d"
        case week = "w"
        case month = "M"

        /// The largest count that still is an interval of this unit: beyond it the next unit takes over.
        var largestCount: Int {
            switch self {
            case .second: 59
            case .minute: 24 * 60 - 1
            case .hour: 23
            case .day: 365
            case .week: 52
            case .month: 12
            }
        }
    }

    /// The unit counted. Whole hours are always counted in hours.
    public let unit: Unit
    /// How many of the unit.
    public let count: Int

    /// An interval; 60 minutes become one hour. `nil` for a count that the unit does not have.
    public init?(_ count: Int, _ unit: Unit) {
        if unit == .minute, count > 0, count % 60 == 0 {
            self.init(count / 60, .hour)
            return
        }
        guard (1...unit.largestCount).contains(count) else { return nil }
        self.init(known: count, unit)
    }

    private init(known count: Int, _ unit: Unit) {
        self.count = count
        self.unit = unit
    }

    public static let oneSecond = Interval(known: 1, .second)
    public static let oneMinute = Interval(known: 1, .minute)
    public static let fiveMinutes = Interval(known: 5, .minute)
    public static let oneHour = Interval(known: 1, .hour)
    public static let oneDay = Interval(known: 1, .day)
    public static let oneWeek = Interval(known: 1, .week)
    public static let oneMonth = Interval(known: 1, .month)

    /// The length in seconds where it is the same everywhere; `nil` for days, weeks and months, whose length is the
    /// exchange's.
    public var seconds: Int64? {
        switch unit {
        case .second: Int64(count)
        case .minute: Int64(count) * 60
        case .hour: Int64(count) * 3600
        case .day, .week, .month: nil
        }
    }

    /// Whether bars of this interval lie within one trading day.
    public var isIntraday: Bool { seconds != nil }
}

extension Interval: CustomStringConvertible {
    /// `5m`, `1h`, `1d`, `1M`.
    public var description: String { "\(count)\(unit.rawValue)" }
}

extension Interval {
    /// Reads `5m 1h 1d 1w 1M 15s`, and TradingView's `5 60 D 1D 1W 1M 15S`. `m` is a minute, `M` a month.
    /// - Throws: `MarketDataError` with code `unknownInterval`, naming the text and the spellings that work.
    public init(_ text: String) throws(MarketDataError) {
        guard text.utf8.count <= Interval.longestText else { throw Interval.unknown("\(text.prefix(16))...") }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let letters = text.dropFirst(digits.count)
        let count = digits.isEmpty ? (letters.isEmpty ? nil : 1) : Int(digits)
        let bareUnitIsPlain = !digits.isEmpty || ["D", "W", "M", "d", "w"].contains(letters)
        guard let count, bareUnitIsPlain, let unit = Interval.unit(letters) else {
            throw Interval.unknown(text)
        }
        guard let interval = Interval(count, unit) else {
            if unit == .minute || unit == .hour, count > 0 {
                throw .init(.unknownInterval, "the interval '\(text)' reaches over a day; write it in days, such as 1d")
            }
            if count > 0, unit != .second {
                throw .init(
                    .unknownInterval,
                    "the interval '\(text)' is too long; the longest are \(Unit.day.largestCount)d, "
                        + "\(Unit.week.largestCount)w and \(Unit.month.largestCount)M")
            }
            throw Interval.unknown(text)
        }
        self = interval
    }

    private static func unit(_ letters: Substring) -> Unit? {
        switch letters {
        case "", "m": .minute
        case "s", "S": .second
        case "h", "H": .hour
        case "d", "D": .day
        case "w", "W": .week
        case "M": .month
        default: nil
        }
    }

    private static let longestText = 32

    private static func unknown(_ text: String) -> MarketDataError {
        MarketDataError(
            .unknownInterval,
            "unknown interval '\(text)'; write one of 1s 5s 15s 30s 1m 3m 5m 15m 30m 45m 1h 2h 3h 4h 1d 1w 1M, "
                + "or another whole number of them"
        )
    }
}

/// How long bars last in UTC seconds, for estimates of how many bars a span holds and how far one may reach.
extension Interval {
    /// The least seconds from one bar's opening to the next one's where trading never stops.
    public var shortestSeconds: Int64 {
        switch unit {
        case .second, .minute, .hour: seconds ?? 1
        case .day: Int64(count) * 86_400
        case .week: Int64(count) * 7 * 86_400
        case .month: Int64(count) * 28 * 86_400
        }
    }

    /// The most seconds from a bar's opening to its close, with the nights, weekends and holidays in it.
    public var longestSeconds: Int64 {
        switch unit {
        case .second, .minute, .hour: seconds ?? 1
        case .day: count == 1 ? 86_400 : Int64(count) * 2 * 86_400 + 7 * 86_400
        case .week: Int64(count) * 7 * 86_400
        case .month: Int64(count) * 31 * 86_400
        }
    }

    /// The most bars of a finer interval that one bar of this may hold.
    public func parts(of finer: Interval) -> Int {
        Int((Double(longestSeconds) / Double(finer.shortestSeconds)).rounded(.up))
    }
}

extension Interval {
    /// Whether bars of this interval can be put together exactly from bars of a finer one.
    ///
    /// Within the day the finer length must divide the coarser. Days, weeks and months are whole sessions, which bars
    /// of any length within the day tile, for the last one of a session is cut at the close. Several days, weeks and
    /// months are counted from one start, so a count must divide the other; weeks and months are otherwise built from
    /// single days only. An interval is not built from itself.
    public func isBuilt(from finer: Interval) -> Bool {
        guard finer != self else { return false }
        switch (seconds, finer.seconds) {
        case (let whole?, let part?): return whole % part == 0
        case (nil, _?): return true
        case (_?, nil): return false
        case (nil, nil):
            if finer.unit == unit { return count % finer.count == 0 }
            return finer == .oneDay
        }
    }

    /// The interval to build this one from: the coarsest of the available ones that `isBuilt(from:)` allows; `nil` for
    /// none.
    public func parent(among available: some Sequence<Interval>) -> Interval? {
        available.filter { isBuilt(from: $0) }.max { $0.coarseness < $1.coarseness }
    }

    private var coarseness: (Int, Int64) {
        switch unit {
        case .second, .minute, .hour: (0, seconds ?? 0)
        case .day: (1, Int64(count))
        case .week: (2, Int64(count))
        case .month: (3, Int64(count))
        }
    }
}

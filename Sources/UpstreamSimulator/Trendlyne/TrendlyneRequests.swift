import MarketData

/// A request to `live-oi-data`.
struct LiveOpenInterestRequest: Equatable, Sendable {
    let stock: String
    let expiry: CalendarDate
    let minTime: String
    let maxTime: ClockTime?
    /// As it was sent, to be echoed as text; `nil` where no range was sent.
    let strikes: Range?

    struct Range: Equatable, Sendable {
        let lowest: String
        let highest: String
    }

    /// Reads the parameters; `nil` without a stock or a readable expiry. Of several expiries the first counts.
    init?(_ query: [String: String]) {
        guard let stock = query["stockId"],
            let expiry = (query["expDateList"] ?? "").split(separator: ",").first.flatMap({ CalendarDate($0) })
        else { return nil }
        self.stock = stock
        self.expiry = expiry
        minTime = query["minTime"].flatMap { ClockTime($0) }?.description ?? "09:15"
        maxTime = query["maxTime"].flatMap { ClockTime($0) }
        if let lowest = query["minStrikePrice"], let highest = query["maxStrikePrice"] {
            strikes = Range(lowest: lowest, highest: highest)
        } else {
            strikes = nil
        }
    }
}

/// A request for `fno/buildup-5/27-jan-2026-near/NIFTY/`: one contract's intervals of the current day.
struct BuildUpPageRequest: Equatable, Sendable {
    /// Which contract.
    enum Contract: Equatable, Sendable {
        case future
        case option(Strike, OptionType)
    }

    let minutes: Int
    let expiry: CalendarDate
    let code: String
    let contract: Contract

    /// Reads a path below the root, with a closing slash, and its query; `nil` for anything else.
    init?(path: String, query: [String: String]) {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count == 4, parts[0] == "fno", let minutes = BuildUpPageRequest.lengths[parts[1]],
            let expiry = BuildUpPageRequest.expiry(parts[2]),
            let contract = BuildUpPageRequest.contract(query)
        else { return nil }
        self.minutes = minutes
        self.expiry = expiry
        code = parts[3]
        self.contract = contract
    }

    /// Whether a path is one of these pages, readable or not.
    static func matches(_ path: String) -> Bool { lengths.keys.contains { path.hasPrefix("fno/\($0)/") } }

    private static let lengths = ["buildup-5": 5, "buildup-15": 15]
    private static let ranks: Set<String> = ["near", "next", "far"]

    /// `27-jan-2026-near`; the rank is ignored.
    private static func expiry(_ text: String) -> CalendarDate? {
        let parts = text.split(separator: "-").map(String.init)
        guard parts.count == 4, ranks.contains(parts[3]), let day = Int(parts[0]), let year = Int(parts[2]),
            let month = EnglishMonths.number(parts[1])
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    private static func contract(_ query: [String: String]) -> Contract? {
        switch query["fno_mtype"] {
        case "futures": return .future
        case "options":
            guard let strike = query["strikePrice"].flatMap({ Strike($0) }) else { return nil }
            switch query["option_type"] {
            case "call": return .option(strike, .call)
            case "put": return .option(strike, .put)
            default: return nil
            }
        default: return nil
        }
    }
}

/// The time that `live-oi-data` serves: of the newest trading day only, and not always the requested one.
struct ServedMoment: Equatable, Sendable {
    /// Whose values are reported.
    let moment: Timestamp
    let tradingDate: CalendarDate
    /// The echo of the served request.
    let minTime: ClockTime
    let maxTime: ClockTime
    /// Whether the market was shut: then the close is served for every request.
    let isAfterClose: Bool

    /// - Parameters:
    ///   - isDayBefore: A fault: the close of the day before.
    ///   - isQuarterLate: A fault: values a quarter of an hour older than those requested.
    init(
        requested: ClockTime?, at now: Timestamp, calendar: TradingCalendar, isDayBefore: Bool = false,
        isQuarterLate: Bool = false
    ) {
        var session = calendar.latestSession(at: now, segment: .derivatives)
        if isDayBefore {
            let before = Timestamp(milliseconds: session.opens.milliseconds - 1)
            session = calendar.latestSession(at: before, segment: .derivatives)
        }
        isAfterClose = isDayBefore || now >= session.closes
        tradingDate = session.date
        minTime = IndianTime.split(session.opens).time
        let close = Timestamp(milliseconds: session.closes.milliseconds - 1000)
        if isQuarterLate {
            let late = max(session.opens, min(now, close).advanced(bySeconds: -900))
            moment = late
            maxTime = IndianTime.split(late).time.minute
            return
        }
        guard !isAfterClose, let requested else {
            moment = isAfterClose ? close : now
            maxTime = IndianTime.split(isAfterClose ? session.closes : now).time.minute
            return
        }
        let wanted = IndianTime.timestamp(session.date, requested)
        let earliest = session.opens
        moment = min(max(wanted, earliest), now, close)
        maxTime = wanted > now ? IndianTime.split(now).time.minute : requested
    }
}

extension ClockTime {
    fileprivate var minute: ClockTime { ClockTime(secondsAfterMidnight: secondsAfterMidnight / 60 * 60) }
}

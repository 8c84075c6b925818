/// From when to when an exchange trades on one day, on its own clock.
public struct SessionHours: Hashable, Sendable {
    /// A span between two sessions of a day, in which there is no trading.
    public struct Pause: Hashable, Sendable {
        /// The close of the session before it.
        public let from: ClockTime
        /// The opening of the session after it.
        public let to: ClockTime
    }

    /// When trading begins.
    public let opens: ClockTime
    /// When it ends; 24:00 where it never does.
    public let closes: ClockTime
    /// Between the sessions of the day, ascending; empty for one session.
    public let pauses: [Pause]
    /// When continuous trading ends and a closing auction follows, in which prices may come and need not; `closes`
    /// where there is none.
    public let continuousUntil: ClockTime

    /// The hours of one session.
    public init(opens: ClockTime, closes: ClockTime, continuousUntil: ClockTime? = nil) {
        self.opens = opens
        self.closes = closes
        self.continuousUntil = continuousUntil ?? closes
        pauses = []
    }

    /// The hours of several sessions, ascending; `nil` for none, and where one begins before another has ended.
    public init?(sessions: [(opens: ClockTime, closes: ClockTime)]) {
        guard let first = sessions.first, let last = sessions.last,
            sessions.allSatisfy({ $0.opens < $0.closes }),
            zip(sessions, sessions.dropFirst()).allSatisfy({ $0.closes < $1.opens })
        else { return nil }
        opens = first.opens
        closes = last.closes
        continuousUntil = last.closes
        pauses = zip(sessions, sessions.dropFirst()).map { Pause(from: $0.closes, to: $1.opens) }
    }

    /// As TradingView writes them, such as `0915-1530`; `24x7` for the whole day.
    public var tradingViewText: String {
        if opens.secondsAfterMidnight == 0, closes.secondsAfterMidnight == 86_400 { return "24x7" }
        let ends = [opens] + pauses.flatMap { [$0.from, $0.to] } + [closes]
        let sessions = stride(from: 0, to: ends.count, by: 2).map { "\(ends[$0])-\(ends[$0 + 1])" }
        return sessions.joined(separator: ",").filter { $0 != ":" }
    }
}

extension SessionHours {
    /// From midnight to midnight.
    public static let wholeDay = SessionHours(
        opens: ClockTime(hour: 0, minute: 0), closes: ClockTime(hour: 24, minute: 0)
    )

    /// Shares and indices at NSE and BSE: 09:15 to 15:30. Since 2026-08-03 continuous trading ends at 15:15 and a
    /// closing auction follows; bars of indices of those days end at 15:12 or 15:15 and go on at 15:27.
    public static let indianCash = DatedTable(
        SessionHours(opens: ClockTime(hour: 9, minute: 15), closes: ClockTime(hour: 15, minute: 30)),
        [
            (
                "2026-08-03",
                SessionHours(
                    opens: ClockTime(hour: 9, minute: 15), closes: ClockTime(hour: 15, minute: 30),
                    continuousUntil: ClockTime(hour: 15, minute: 15))
            )
        ]
    )

    /// Futures and options on currencies at NSE and BSE: 09:00 to 17:00.
    public static let indianCurrency = SessionHours(
        opens: ClockTime(hour: 9, minute: 0), closes: ClockTime(hour: 17, minute: 0))

    /// Equity derivatives at NSE and BSE: 09:15 to 15:30, and to 15:40 since 2026-08-03, when the closing auction of
    /// the cash market came (NSE circular).
    public static let indianDerivatives = DatedTable(
        SessionHours(opens: ClockTime(hour: 9, minute: 15), closes: ClockTime(hour: 15, minute: 30)),
        [("2026-08-03", SessionHours(opens: ClockTime(hour: 9, minute: 15), closes: ClockTime(hour: 15, minute: 40)))]
    )
}

extension SessionHours {
    /// The most sessions that a text of hours may name.
    private static let mostSessions = 8

    /// Reads `HH:MM-HH:MM`, and several such sessions of a day with commas between them; `nil` for anything else, for
    /// hours that end before they begin, and for sessions that are not in order.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 200 else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= SessionHours.mostSessions else { return nil }
        var sessions: [(opens: ClockTime, closes: ClockTime)] = []
        for part in parts {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let opens = ClockTime(SessionHours.trimmed(ends[0])),
                let closes = ClockTime(SessionHours.trimmed(ends[1]))
            else { return nil }
            sessions.append((opens, closes))
        }
        self.init(sessions: sessions)
    }

    private static func trimmed(_ text: some StringProtocol) -> Substring {
        let start = text.drop { $0 == " " }
        return Substring(String(start.reversed().drop { $0 == " " }.reversed()))
    }
}

/// One day's trading, from its opening to its close.
public struct TradingSession: Hashable, Sendable {
    /// The trading day, on the exchange's calendar.
    public let date: CalendarDate
    /// The first instant of trading.
    public let opens: Timestamp
    /// The first instant after it.
    public let closes: Timestamp

    /// A session from its parts.
    public init(date: CalendarDate, opens: Timestamp, closes: Timestamp) {
        self.date = date
        self.opens = opens
        self.closes = closes
    }

    /// Its length in seconds.
    public var seconds: Int64 { closes.seconds - opens.seconds }

    /// Whether the instant lies between the opening and the close.
    public func contains(_ time: Timestamp) -> Bool { opens <= time && time < closes }
}

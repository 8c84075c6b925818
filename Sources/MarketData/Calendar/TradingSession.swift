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

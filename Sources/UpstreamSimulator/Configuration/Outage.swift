public import MarketData

/// A time of the day during which Trendlyne refuses everybody, as its firewall does once a client asked too much.
public struct Outage: Hashable, Sendable {
    /// With what it refuses.
    public enum Answer: String, CaseIterable, Sendable {
        /// 403 and an HTML page.
        case forbidden
        /// 405 and an HTML page.
        case notAllowed
        /// 200 and an HTML page with a riddle.
        case captcha
        /// One after the other, request by request.
        case allInTurn
    }

    /// From when on it refuses, in India's time.
    public var from: ClockTime
    /// From when on it answers again.
    public var to: ClockTime
    /// With what it refuses.
    public var answer: Answer

    /// An outage of a part of each day.
    public init(from: ClockTime, to: ClockTime, answer: Answer = .allInTurn) {
        self.from = from
        self.to = to
        self.answer = answer
    }

    /// Twenty minutes in the morning.
    public static let morning = Outage(from: ClockTime(hour: 11, minute: 0), to: ClockTime(hour: 11, minute: 20))

    func covers(_ time: Timestamp) -> Bool {
        let clock = IndianTime.split(time).time
        return from <= clock && clock < to
    }
}

public import MarketData

/// Which upstream is played; the raw value is what `--scenario` takes.
public enum Scenario: String, CaseIterable, Sendable {
    /// Always in session, streaming, a window of 20,000 bars. The standard one.
    case live
    /// As `live`, but instruments keep their exchange's hours.
    case exchangeHours = "exchange-hours"
    /// As `live`, fifteen minutes late (`delayed_streaming_900`).
    case delayed
    /// An anonymous user of TradingView: 5,000 bars, no seconds, no custom minutes.
    case freePlan = "free-plan"
    /// A paying user: 40,000 bars, seconds and custom minutes, updates as they happen.
    case paidPlan = "paid-plan"
    /// As `live`, with values that upstream does not know: volume `1e+100`, fields cleared with `null`.
    case unknownFields = "unknown-figures"
    /// As `live`, with few of everything: 12 sessions a connection, one series a session, 50 symbols a quote session.
    case tightLimits = "tight-limits"

    /// Reads a name.
    /// - Throws: `SimulatorConfigurationError`, naming the text and the scenarios there are.
    public init(name: String) throws(SimulatorConfigurationError) {
        guard let scenario = Scenario(rawValue: name) else {
            let known = Scenario.allCases.map(\.rawValue).joined(separator: ", ")
            throw SimulatorConfigurationError("unknown scenario '\(name)'; use one of \(known)")
        }
        self = scenario
    }
}

extension Scenario {
    /// Which upstream it is, in one line.
    public var summary: String {
        switch self {
        case .live: "always in session, streaming, 20,000 bars back"
        case .exchangeHours: "as live, in the exchange's hours"
        case .delayed: "as live, fifteen minutes late"
        case .freePlan: "an anonymous user: 5,000 bars, no seconds, no custom minutes"
        case .paidPlan: "a paying user: 40,000 bars, seconds and custom minutes"
        case .tightLimits: "as live, with room for few sessions, series and quotes"
        case .unknownFields: "as live, with values that upstream does not know"
        }
    }
}

/// A time of the day during which Trendlyne refuses everybody, as its firewall does once a client sent too many requests.
public struct Outage: Hashable, Sendable {
    /// With what it refuses.
    public enum Response: String, CaseIterable, Sendable {
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
    /// When it serves again.
    public var to: ClockTime
    /// With what it refuses.
    public var response: Response

    /// An outage of a part of each day.
    public init(from: ClockTime, to: ClockTime, response: Response = .allInTurn) {
        self.from = from
        self.to = to
        self.response = response
    }

    /// Twenty minutes in the morning.
    public static let morning = Outage(from: ClockTime(hour: 11, minute: 0), to: ClockTime(hour: 11, minute: 20))

    func covers(_ time: Timestamp) -> Bool {
        let clock = IndianTime.split(time).time
        return from <= clock && clock < to
    }
}

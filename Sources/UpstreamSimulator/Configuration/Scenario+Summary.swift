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
        case .unknownFigures: "as live, with figures that upstream does not know"
        }
    }
}

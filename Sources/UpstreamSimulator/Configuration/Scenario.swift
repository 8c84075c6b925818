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
    /// As `live`, with figures that upstream does not know: volume `1e+100`, fields cleared with `null`.
    case unknownFigures = "unknown-figures"
    /// As `live`, with few of everything: 12 sessions a connection, one series a session, 50 symbols a quote session.
    case tightLimits = "tight-limits"

    /// Reads a name.
    /// - Throws: `SimulatorConfigurationError`, naming the text and the scenarios there are.
    public init(name: String) throws(SimulatorConfigurationError) {
        guard let scenario = Scenario(rawValue: name) else {
            let known = Scenario.allCases.map(\.rawValue).joined(separator: ", ")
            throw SimulatorConfigurationError("there is no scenario '\(name)'; the scenarios are \(known)")
        }
        self = scenario
    }
}

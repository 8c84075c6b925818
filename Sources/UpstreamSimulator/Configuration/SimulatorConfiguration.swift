import Foundation
public import MarketData
import NIOCore

/// How the simulator plays TradingView and Trendlyne.
public struct SimulatorConfiguration: Sendable {
    /// When instruments trade.
    public enum Hours: Sendable {
        /// At all times, so that prices move at midnight on a Sunday too.
        case always
        /// In their exchange's hours.
        case exchange
    }

    /// How connections are encrypted.
    public enum Encryption: Hashable, Sendable {
        /// Not at all: `ws` and `http`.
        case none
        /// With a certificate and its key from PEM files.
        case files(certificate: String, key: String)
        /// With a certificate made at the start for `localhost` and `127.0.0.1`; `environment` names its file.
        case selfMade
    }

    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 for any free one.
    public var port = 0
    /// How connections are encrypted.
    public var encryption = Encryption.none
    /// What the market is grown from: the same seed gives the same values.
    public var seed: UInt64 = 1
    /// When instruments trade.
    public var hours: Hours
    /// What the user has paid for.
    public var plan: Plan
    /// How many bars back from the newest one a series reaches.
    public var windowBars: Int
    /// The most bars of one response.
    public var pageBars = 5_000
    /// How late the values are, in seconds.
    public var delaySeconds = 0
    /// Whether some values are unknown: volume `1e+100`, fields cleared with `null`.
    public var hasUnknownFields = false
    /// How bars are numbered once older ones were requested.
    public var pagingIndexes = PagingIndexes.negative
    /// How far apart heartbeats are, in seconds.
    public var heartbeatSeconds = 10
    /// How long the echo of a heartbeat may take before the connection is dropped, in seconds.
    public var heartbeatPatienceSeconds = 30
    /// How far apart changes of quotes and forming bars are, in milliseconds.
    public var quoteIntervalMilliseconds = 250
    /// How far apart changes of one forming bar are at the least, in seconds; upstream holds anonymous users to 5.
    public var barUpdateSeconds = 0
    /// How many sessions one connection may create (upstream: about 200).
    public var sessionsPerConnection = 200
    /// How many series a chart session may hold.
    public var seriesPerSession = 50
    /// How many symbols a quote session may hold.
    public var symbolsPerQuoteSession = 1_000
    /// The number of requests that Trendlyne serves under `Fault.trendlyneQuota`.
    public var trendlyneQuota = 160
    /// The password that the sign-in takes; `nil` for any.
    public var password: String?
    /// Whether the sign-in takes a code of the authenticator under `Fault.signIn2FA`; any six digits unless set.
    public var acceptsCode: @Sendable (String) -> Bool = { code in
        code.utf8.count == 6 && code.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    /// Exchanges that the user has no right to, and the group that a refusal names.
    public var deniedExchanges: [String: String] = [:]
    /// When Trendlyne refuses everybody, under `Fault.trendlyneOutage`.
    public var outages = [Outage.morning]
    /// Which of Trendlyne's snapshots are of another time than was requested, under `Fault.trendlyneSomeWrongTimes`: every
    /// so manieth.
    public var wrongTimeEvery = 7
    /// The active faults, for all clients.
    public var faults: Set<Fault> = []
    /// How often each of `faults` occurs before it stops; `nil` for always.
    public var faultLimit: Int?
    /// A folder of recorded messages to serve history requests from; `nil` to serve them from the market.
    public var recording: String?
    /// The present moment.
    public var clock: @Sendable () -> Timestamp

    /// The settings of a scenario; all can be changed afterwards.
    /// - Parameters:
    ///   - scenario: Which upstream is played.
    ///   - clock: The present moment; the machine's clock unless said otherwise.
    public init(scenario: Scenario = .live, clock: @escaping WallClock = SystemClock.now) {
        hours = scenario == .exchangeHours ? .exchange : .always
        plan = scenario == .paidPlan ? .paid : .free
        windowBars =
            switch scenario {
            case .freePlan: 5_000
            case .paidPlan: 40_000
            default: 20_000
            }
        delaySeconds = scenario == .delayed ? 900 : 0
        barUpdateSeconds = scenario == .freePlan ? 5 : 0
        hasUnknownFields = scenario == .unknownFields
        if scenario == .tightLimits { (sessionsPerConnection, seriesPerSession, symbolsPerQuoteSession) = (12, 1, 50) }
        self.clock = clock
    }
}

/// What a user of TradingView has paid for.
public enum Plan: String, CaseIterable, Sendable {
    /// No seconds, no minute counts but the usual ones; updates at most every five seconds.
    case free
    /// Seconds and any count of minutes.
    case paid
}

/// How bars are numbered once older ones were requested; clients saw both (TradingView's `i` is a place on the chart's
/// time scale, not a property of the bar).
public enum PagingIndexes: String, CaseIterable, Sendable {
    /// Older bars count down below zero, those already sent keep their numbers.
    case negative
    /// All bars are renumbered from zero at the oldest.
    case renumbered
}

extension SimulatorConfiguration {
    /// A session of open interest in the exchange's hours, as a source that can be trusted least plays it: the stamp
    /// moves every three minutes and lags, responses repeat between, every seventh response is of another time than the one
    /// requested (the echo says so), and for twenty minutes from 11:00 on everything is refused with 403, 405 and pages
    /// in turn. `SimulatedClock` shows how to use it; `outages` and `wrongTimeEvery` can be changed after.
    public static func openInterestSession(clock: SimulatedClock, seed: UInt64 = 1) -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration(scenario: .exchangeHours) { clock.now }
        configuration.seed = seed
        configuration.faults = [.trendlyneOutage, .trendlyneSomeWrongTimes]
        return configuration
    }
}

/// A configuration with which the simulator cannot start.
public struct SimulatorConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason, with the input, and what to do.
    public let message: String

    init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}

extension SimulatorConfigurationError {
    /// Why the operating system does not let the simulator listen.
    init(cannotListenOn configuration: SimulatorConfiguration, _ error: IOError) {
        let reason =
            switch error.errnoCode {
            case EADDRINUSE: "another program listens there; choose another port"
            case EACCES: "this user may not; choose a port from 1024 up"
            case EADDRNOTAVAIL: "this machine has no such address"
            default: "\(error)"
            }
        self.init("the simulator cannot listen on \(configuration.host), port \(configuration.port): \(reason)")
    }

    /// Why the address is none to listen on.
    init(cannotListenOn configuration: SimulatorConfiguration, _ error: SocketAddressError.UnknownHost) {
        self.init("the simulator cannot listen on '\(error.host)': this machine knows no such address")
    }
}

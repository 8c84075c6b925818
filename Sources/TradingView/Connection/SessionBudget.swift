/// How many chart and quote sessions, and studies, may still be made on one connection.
///
/// TradingView answers about the two hundredth session with "max sessions rate reached", whether or not the earlier
/// ones were deleted, so a connection is replaced before. A few sessions are kept back for the questions that show
/// whether feeds still live, also where live series fill the connection.
struct SessionBudget {
    private let limit: Int
    private let studyLimit: Int
    private(set) var made = 0
    private(set) var studies = 0
    /// Whether the server has said that it allows no more.
    private(set) var isExhausted = false

    /// The sessions that are kept back for probes.
    static let reserve = 10

    init(limit: Int, studyLimit: Int = 100) {
        self.limit = limit
        self.studyLimit = studyLimit
    }

    /// How many may still be made.
    var left: Int { isExhausted ? 0 : max(0, limit - made) }
    /// How many may still be made for a probe.
    var leftForProbes: Int { isExhausted ? 0 : max(0, limit + SessionBudget.reserve - made) }
    /// How many studies may still be made.
    var studiesLeft: Int { max(0, studyLimit - studies) }

    /// Counts a session that is made.
    mutating func take() { made += 1 }

    /// Counts a study that is made.
    mutating func takeStudy() { studies += 1 }

    /// The server says that it allows no more.
    mutating func exhaust() { isExhausted = true }

    /// The server says that it allows no more studies.
    mutating func exhaustStudies() { studies = studyLimit }

    /// Whether a new connection is due: this one is spent, and a new one would not be spent by what stays open; or it is
    /// so far spent that not even a probe is left.
    func isReplacementDue(open: Int) -> Bool {
        left == 0 && (open < limit || !isExhausted && leftForProbes == 0)
    }
}

/// How many sessions may be made to look after live series: some at once, then one every few seconds, so that quiet
/// instruments do not use up a connection.
struct ProbeAllowance: Sendable {
    private var left = ProbeAllowance.most
    private var counted: Duration

    private static let most = 60.0
    private static let secondsPerProbe = 10.0

    init(at uptime: Duration) { counted = uptime }

    /// Takes one, where one is left.
    mutating func take(at uptime: Duration) -> Bool {
        left = min(ProbeAllowance.most, left + (uptime - counted) / .seconds(1) / ProbeAllowance.secondsPerProbe)
        counted = uptime
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}

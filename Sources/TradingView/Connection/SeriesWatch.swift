/// Decides when the newest bars of one live series are loaded beside it: because it gives nothing while its market is
/// open, or because its newest bar is over and no later one has opened.
///
/// A quiet instrument looks like a frozen one, so it is asked about before it is taken for frozen, and ever more rarely
/// while it is honestly quiet. Times are durations on any steady clock.
struct SeriesWatch: Sendable {
    private let patience: Duration
    private(set) var since: Duration
    private var quietTimes = 0
    private var confirmAfter: Duration
    private var unconfirmed = 0
    /// The question that is to show whether the series lives, and when it was asked.
    private(set) var probe: (question: Int, asked: Duration)?
    /// How often in a row the series was found frozen, without any data between.
    private(set) var timesFrozen = 0

    private static let mostDoublings = 4
    private static let firstConfirmation = Duration.seconds(5)

    init(patience: Duration, at uptime: Duration) {
        self.patience = patience
        since = uptime
        confirmAfter = uptime
    }

    /// Whether it is time to ask, for want of data.
    func isDue(at uptime: Duration) -> Bool { probe == nil && uptime - since >= patience * (1 << quietTimes) }

    /// Whether the end of a bar may be asked about.
    func mayConfirm(at uptime: Duration) -> Bool { probe == nil && uptime >= confirmAfter }

    /// Whether the series has spoken since the question was asked.
    var hasSpoken: Bool { probe.map { since > $0.asked } ?? true }

    /// Data of the series came.
    mutating func received(at uptime: Duration) {
        since = uptime
        (timesFrozen, unconfirmed) = (0, 0)
    }

    mutating func ask(_ question: Int, at uptime: Duration) { probe = (question, uptime) }

    /// The instrument is quiet indeed, or cannot be asked about now.
    mutating func wasQuiet(at uptime: Duration) {
        probe = nil
        since = uptime
        quietTimes = min(quietTimes + 1, SeriesWatch.mostDoublings)
        confirmAfter = uptime + SeriesWatch.firstConfirmation * (1 << unconfirmed)
        unconfirmed = min(unconfirmed + 1, SeriesWatch.mostDoublings)
    }

    /// The series lacks what the answer holds.
    mutating func wasFrozen(at uptime: Duration) {
        let times = timesFrozen + 1
        reset(at: uptime)
        timesFrozen = times
    }

    /// The series is opened again.
    mutating func reset(at uptime: Duration) {
        let times = timesFrozen
        self = SeriesWatch(patience: patience, at: uptime)
        timesFrozen = times
    }
}

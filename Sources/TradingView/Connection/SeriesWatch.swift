/// Notices one live series that gives nothing while its connection lives.
///
/// A quiet instrument looks the same, so its newest bars are asked for in a session of their own before it is taken for
/// frozen; one that has been found honestly quiet is asked about more rarely, up to eight times the patience. Times are
/// durations on any steady clock.
struct SeriesWatch: Sendable {
    private let patience: Duration
    private(set) var since: Duration
    private var quietTimes = 0
    /// The question that is to show whether the series lives, and when it was asked.
    private(set) var probe: (question: Int, asked: Duration)?

    private static let mostDoublings = 3

    init(patience: Duration, at uptime: Duration) {
        self.patience = patience
        since = uptime
    }

    /// Whether it is time to ask.
    func isDue(at uptime: Duration) -> Bool { probe == nil && uptime - since >= patience * (1 << quietTimes) }

    /// Whether the series has spoken since the question was asked.
    var hasSpoken: Bool { probe.map { since > $0.asked } ?? true }

    /// Data of the series came.
    mutating func received(at uptime: Duration) { since = uptime }

    mutating func ask(_ question: Int, at uptime: Duration) { probe = (question, uptime) }

    /// The instrument is quiet indeed, or cannot be asked about now.
    mutating func wasQuiet(at uptime: Duration) {
        probe = nil
        since = uptime
        quietTimes = min(quietTimes + 1, SeriesWatch.mostDoublings)
    }

    /// The series is opened anew.
    mutating func reset(at uptime: Duration) { self = SeriesWatch(patience: patience, at: uptime) }
}

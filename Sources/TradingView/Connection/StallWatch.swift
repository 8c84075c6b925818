/// Notices a connection on which heartbeats go on and nothing else does.
///
/// Quiet markets look the same, so the server is asked something before it is taken for frozen; while it answers it is
/// asked ever more rarely. Times are durations on any steady clock.
struct StallWatch: Sendable {
    private let patience: Duration
    private(set) var lastData: Duration
    private var answers = 0
    /// The question that is to show whether the server still answers.
    private(set) var probe: Int?

    /// Where markets rest, the pauses between two questions grow to this many times the first.
    private static let longestPause = 16

    init(patience: Duration, at uptime: Duration) {
        self.patience = patience
        lastData = uptime
    }

    /// Whether it is time to ask.
    func isDue(at uptime: Duration) -> Bool {
        probe == nil && uptime - lastData >= patience * min(1 << min(answers, 8), StallWatch.longestPause)
    }

    /// Data of a live feed came.
    mutating func received(at uptime: Duration) {
        lastData = uptime
        answers = 0
    }

    mutating func ask(_ question: Int) { probe = question }

    /// The question was answered, or its connection is gone.
    mutating func answered(at uptime: Duration) {
        probe = nil
        lastData = uptime
        answers += 1
    }

    /// Another connection stands.
    mutating func reset(at uptime: Duration) { self = StallWatch(patience: patience, at: uptime) }
}

import MarketData
import TradingViewProtocol

/// Notices a connection on which heartbeats go on and nothing else does.
///
/// Quiet markets look the same, so the server is probed before it is taken for frozen; while it responds it is
/// probed less and less often. Times are durations on any steady clock.
struct StallWatch: Sendable {
    private let patience: Duration
    private(set) var lastData: Duration
    private var responses = 0
    /// The request that is to show whether the server still responds.
    private(set) var probe: Int?

    /// In closed markets the pauses between two requests grow to this multiple of the first.
    private static let longestPause = 16

    init(patience: Duration, at uptime: Duration) {
        self.patience = patience
        lastData = uptime
    }

    /// Whether a probe is due.
    func isDue(at uptime: Duration) -> Bool {
        probe == nil && uptime - lastData >= patience * min(1 << min(responses, 8), StallWatch.longestPause)
    }

    /// Data of a live feed was received.
    mutating func received(at uptime: Duration) {
        lastData = uptime
        responses = 0
    }

    mutating func started(_ probe: Int) { self.probe = probe }

    /// The request has its response, or its connection is closed.
    mutating func responded(at uptime: Duration) {
        probe = nil
        lastData = uptime
        responses += 1
    }

    /// A new connection was made.
    mutating func reset(at uptime: Duration) { self = StallWatch(patience: patience, at: uptime) }
}

/// Decides when the newest bars of one live series are loaded beside it: because it gives nothing while its market is
/// open, or because its newest bar is over and no later one has opened.
///
/// A quiet instrument looks like a frozen one, so it is probed before it counts as frozen, and less and less often
/// while it has no trades. Times are durations on any steady clock.
struct SeriesWatch: Sendable {
    private let patience: Duration
    private(set) var since: Duration
    private var quietProbes = 0
    private var confirmAfter: Duration
    private var unconfirmed = 0
    /// The request that shows whether the series is alive, and when it was sent.
    private(set) var probe: (request: Int, started: Duration)?
    /// How often in a row the series was found frozen, without any data between.
    private(set) var timesFrozen = 0

    private static let mostDoublings = 4
    private static let firstConfirmation = Duration.seconds(5)

    init(patience: Duration, at uptime: Duration) {
        self.patience = patience
        since = uptime
        confirmAfter = uptime
    }

    /// Whether a probe is due because no data was received.
    func isDue(at uptime: Duration) -> Bool { probe == nil && uptime - since >= patience * (1 << quietProbes) }

    /// Whether the end of a bar may be confirmed.
    func mayConfirm(at uptime: Duration) -> Bool { probe == nil && uptime >= confirmAfter }

    /// Whether the series has sent data since the probe began.
    var hasSpoken: Bool { probe.map { since > $0.started } ?? true }

    /// Data of the series was received.
    mutating func received(at uptime: Duration) {
        since = uptime
        (timesFrozen, unconfirmed) = (0, 0)
    }

    mutating func started(_ probe: Int, at uptime: Duration) { self.probe = (probe, uptime) }

    /// The instrument is really quiet, or cannot be probed now.
    mutating func wasQuiet(at uptime: Duration) {
        probe = nil
        since = uptime
        quietProbes = min(quietProbes + 1, SeriesWatch.mostDoublings)
        confirmAfter = uptime + SeriesWatch.firstConfirmation * (1 << unconfirmed)
        unconfirmed = min(unconfirmed + 1, SeriesWatch.mostDoublings)
    }

    /// The series is behind the response.
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

/// Upstream's clock, estimated from the times that it stamps its packets with.
///
/// A packet arrives after it was stamped, so the stamp that is farthest ahead of our steady clock came quickest and is
/// the best; the estimate is never ahead of upstream's own clock. Our time of day plays no part.
struct ServerTime: Sendable {
    /// Upstream's milliseconds minus ours.
    private var offset: Int64?
    /// A stamp that disagrees with the others: damaged, or the first after upstream's clock was set.
    private var suspect: Int64?

    /// Stamps of one clock differ by no more than packets may be late.
    private static let tolerance: Int64 = 30_000

    /// A packet with a timestamp was received.
    mutating func saw(_ time: Timestamp, at uptime: Duration) {
        let seen = time.milliseconds - Int64(uptime / .milliseconds(1))
        guard let known = offset else {
            offset = seen
            return
        }
        if abs(seen - known) <= ServerTime.tolerance {
            offset = max(known, seen)
            suspect = nil
        } else if let suspect, abs(seen - suspect) <= ServerTime.tolerance {
            offset = max(seen, suspect)
            self.suspect = nil
        } else {
            suspect = seen
        }
    }

    /// What upstream's clock shows at least; `nil` before any packet with a time.
    func now(at uptime: Duration) -> Timestamp? {
        offset.map { Timestamp(milliseconds: $0 + Int64(uptime / .milliseconds(1))) }
    }
}

extension ServerEvent {
    /// The time that upstream stamped it with.
    var serverTime: Timestamp? {
        switch self {
        case .hello(let hello): hello.time
        case .timescaleUpdate(let update), .dataUpdate(let update): update.serverTime
        case .seriesCompleted(_, let completion): completion.serverTime
        default: nil
        }
    }
}

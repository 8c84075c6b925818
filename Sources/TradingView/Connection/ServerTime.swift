import MarketData
import TradingViewProtocol

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

    /// A packet came that bears a time.
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

    /// What upstream's clock shows at least; `nil` before any packet told.
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

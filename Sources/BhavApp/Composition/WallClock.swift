import Foundation
public import MarketData

/// The time of this machine: the one place that asks for it on behalf of the whole program.
let wallClock: @Sendable () -> Timestamp = {
    Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
}

extension Market {
    /// The time of this machine.
    public static func now() -> Timestamp { wallClock() }
}

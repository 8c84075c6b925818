import Foundation
public import MarketData

extension MockMarket {
    /// The time of this machine.
    public static let systemClock: @Sendable () -> Timestamp = {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}

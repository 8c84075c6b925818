public import Foundation
public import MarketData

/// How rows print times.
public enum TimeStyle: String, CaseIterable, Sendable {
    /// Seconds since 1970, UTC.
    case unix
    /// ISO 8601, UTC.
    case iso
    /// ISO 8601 in the exchange's zone.
    case exchange

    /// The text of a time; without a known zone the exchange's style is UTC.
    public func text(_ time: Timestamp, zone: TimeZone?) -> String {
        switch self {
        case .unix: String(time.seconds)
        case .iso: time.description
        case .exchange: zone.map { time.description(in: $0) } ?? time.description
        }
    }
}

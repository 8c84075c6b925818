public import MarketData

/// The length of a bar as TradingView writes it: `5`, `60`, `1D`, `1W`, `1M`, `15S`.
public struct Resolution: Hashable, Sendable {
    /// The text on the wire.
    public let code: String

    /// The wire code of an interval, native or not.
    public init(_ interval: Interval) {
        code =
            switch interval.unit {
            case .second: "\(interval.count)S"
            case .minute: "\(interval.count)"
            case .hour: "\(interval.count * 60)"
            case .day: "\(interval.count)D"
            case .week: "\(interval.count)W"
            case .month: "\(interval.count)M"
            }
    }

    /// A code as a client or server sent it, whether it means something or not.
    public init(code: String) { self.code = code }

    /// The interval that the code means; `nil` for ticks, ranges and nonsense. Case matters: `1M` is a month, and
    /// there is no `5m` on this wire.
    public var interval: Interval? {
        let digits = code.utf8.prefix { (48...57).contains($0) }
        let letters = code.dropFirst(digits.count)
        guard digits.count <= 5, let count = digits.isEmpty ? 1 : Int(code.prefix(digits.count)) else { return nil }
        switch letters {
        case "": return digits.isEmpty ? nil : Interval(count, .minute)
        case "S": return Interval(count, .second)
        case "H": return Interval(count, .hour)
        case "D": return Interval(count, .day)
        case "W": return Interval(count, .week)
        case "M": return Interval(count, .month)
        default: return nil
        }
    }

    /// Whether every plan includes it; others are refused with `series_error` `custom_resolution` or
    /// `seconds_not_entitled`.
    public var isFree: Bool { isNative && interval?.unit != .second }

    /// Whether TradingView keeps bars of this length itself. Others are `custom_resolution`, or built by the caller.
    public var isNative: Bool {
        guard let interval else { return false }
        return switch interval.unit {
        case .second: [1, 5, 10, 15, 30, 45].contains(interval.count)
        case .minute: [1, 3, 5, 15, 30, 45].contains(interval.count)
        case .hour: (1...4).contains(interval.count)
        case .day, .week: interval.count == 1
        case .month: [1, 3, 6, 12].contains(interval.count)
        }
    }
}

extension Resolution: CustomStringConvertible {
    /// The wire code.
    public var description: String { code }
}

import Foundation
import MarketData

/// How the digits of numbers are grouped in tables for people.
enum NumberGrouping {
    /// `1,234,567`
    case thousands
    /// `12,34,567`, as in India.
    case lakhs

    /// The grouping that an exchange's traders read.
    init(of zone: TimeZone?) { self = zone?.identifier == "Asia/Kolkata" ? .lakhs : .thousands }

    /// The number by its shortest text, grouped; exponents and small numbers stay as they are.
    func text(_ value: Double) -> String { text(value.shortest) }

    func text(_ digits: String) -> String {
        guard !digits.contains("e") else { return digits }
        let sign = digits.hasPrefix("-") ? "-" : ""
        let parts = digits.dropFirst(sign.count).split(separator: ".", maxSplits: 1)
        guard let whole = parts.first, whole.count > 3 else { return digits }
        var groups = [whole.suffix(3)]
        var rest = whole.dropLast(3)
        let size = self == .lakhs ? 2 : 3
        while !rest.isEmpty {
            groups.insert(rest.suffix(size), at: 0)
            rest = rest.dropLast(size)
        }
        return sign + groups.joined(separator: ",") + (parts.count > 1 ? ".\(parts[1])" : "")
    }
}

/// Times in a table: the exchange's, without the zone, which the heading has once.
struct TableTimes {
    /// `nil` for UTC.
    let zone: TimeZone?

    /// What stands beside the heading, such as `IST`.
    var label: String {
        switch zone?.identifier {
        case nil, "Etc/UTC", "UTC", "GMT": "UTC"
        case "Asia/Kolkata": "IST"
        case let name?: (name.split(separator: "/").last.map(String.init) ?? name).replacing("_", with: " ")
        }
    }

    /// `2026-11-27 15:25`, with seconds where there are any.
    func text(_ time: Timestamp) -> String {
        let local = local(time)
        let clock = local.dropFirst(11).prefix(8)
        return "\(local.prefix(10)) \(clock.hasSuffix(":00") ? clock.prefix(5) : clock)"
    }

    /// `15:25:03`
    func clock(_ time: Timestamp) -> String { String(local(time).dropFirst(11).prefix(8)) }

    private func local(_ time: Timestamp) -> String { zone.map { time.description(in: $0) } ?? time.description }
}

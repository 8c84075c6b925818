import JSON
import MarketData
import SourceHTTP

extension BuildUpInterval {
    /// Reads `body.data_v2`: one object an interval, in any order. `nil` where the list is absent or empty.
    static func list(_ body: JSONFields) throws(UnreadableField) -> [BuildUpInterval]? {
        guard let items = try body.objects("data_v2"), !items.isEmpty else { return nil }
        var intervals: [BuildUpInterval] = []
        var seen: Set<ClockTime> = []
        for item in items {
            let interval = try BuildUpInterval(item)
            guard seen.insert(interval.to).inserted else {
                throw UnreadableField(item.path(of: "interval"), "two intervals end at \(interval.to)")
            }
            intervals.append(interval)
        }
        return intervals.sorted { $0.to < $1.to }
    }

    private init(_ item: JSONFields) throws(UnreadableField) {
        (from, to) = try BuildUpInterval.ends(item)
        price = try item.positive("close_price")
        openInterest = try item.number("oi", "open_interest")
        if let openInterest, openInterest < 0 {
            throw UnreadableField(item.path(of: "oi"), "open interest cannot be \(openInterest.shortest)")
        }
        change = try item.number("oi_change_gross")
        volume = try item.number("volume_gross")
        if let volume, volume < 0 {
            throw UnreadableField(item.path(of: "volume_gross"), "a volume cannot be \(volume.shortest)")
        }
        buildUp = item.text("buildup").flatMap(BuildUp.init(spelling:))
    }

    /// `09:15 TO 09:20`, in 24 hours of India's time.
    private static func ends(_ item: JSONFields) throws(UnreadableField) -> (ClockTime, ClockTime) {
        let text = item.text("interval") ?? ""
        let parts = text.uppercased().split(separator: " ").filter { $0 != "TO" }
        guard parts.count == 2, let from = ClockTime(parts[0]), let to = ClockTime(parts[1]), from < to else {
            throw UnreadableField(
                item.path(of: "interval"), "expected an interval such as 09:15 TO 09:20, found '\(text.prefix(40))'")
        }
        return (from, to)
    }
}

import MarketData

/// What `live-oi-data` was asked.
struct OpenInterestQuestion: Equatable, Sendable {
    let stock: String
    let expiry: CalendarDate
    let minTime: String
    let maxTime: ClockTime?
    /// As it was sent, to be echoed as text; `nil` where no range was sent.
    let strikes: Range?

    struct Range: Equatable, Sendable {
        let lowest: String
        let highest: String
    }

    /// Reads the parameters; `nil` without a stock or a readable expiry. Of several expiries the first counts.
    init?(_ query: [String: String]) {
        guard let stock = query["stockId"],
            let expiry = (query["expDateList"] ?? "").split(separator: ",").first.flatMap({ CalendarDate($0) })
        else { return nil }
        self.stock = stock
        self.expiry = expiry
        minTime = query["minTime"].flatMap { ClockTime($0) }?.description ?? "09:15"
        maxTime = query["maxTime"].flatMap { ClockTime($0) }
        if let lowest = query["minStrikePrice"], let highest = query["maxStrikePrice"] {
            strikes = Range(lowest: lowest, highest: highest)
        } else {
            strikes = nil
        }
    }
}

import MarketData

/// How `live-oi-data` is written: the members, the types and the mistakes of the real one.
struct LiveOpenInterestText {
    /// The part of the chain that is reported without a range: five percent about the spot.
    private static let standardWidth = 0.05

    let requested: LiveOpenInterestRequest
    let served: ServedMoment
    let snapshot: OpenInterestSnapshot
    let quote: Quote?

    var body: JSONText {
        .object([("overallData", overall), ("oiData", strikes), ("inputData", echo)])
    }

    private var spot: Double { snapshot.spot ?? 0 }

    private var bounds: (lowest: Double, highest: Double) {
        if let range = requested.strikes, let lowest = Double(range.lowest), let highest = Double(range.highest) {
            return (lowest, highest)
        }
        let width = LiveOpenInterestText.standardWidth
        return ((spot * (1 - width)).rounded(), (spot * (1 + width)).rounded())
    }

    private var shown: [OptionStrike] {
        let (lowest, highest) = bounds
        return snapshot.strikes.filter { $0.strike.price >= lowest && $0.strike.price <= highest }
    }

    /// Open interest in shares, for any unit of the market.
    private func shares(_ value: Double?) -> Double {
        let lot = snapshot.unit == .contracts ? Double(snapshot.lotSize ?? 1) : 1
        return (value ?? 0) * lot
    }

    private var overall: JSONText {
        let shown = shown
        func total(_ side: KeyPath<OptionStrike, OptionData?>, _ value: KeyPath<OptionData, Double?>) -> Double {
            shown.reduce(0) { $0 + shares($1[keyPath: side]?[keyPath: value]) }
        }
        let (calls, puts) = (total(\.call, \.openInterest), total(\.put, \.openInterest))
        let (callChange, putChange) = (total(\.call, \.change), total(\.put, \.change))
        return .object([
            ("totalVol", .float(total(\.call, \.volume) + total(\.put, \.volume))),
            ("totalCallOi", .float(calls)),
            // Swapped, as in every recorded response: these two are the puts' change, the next two the calls'.
            ("totalCallOiChange", .float(putChange)), ("totalCallOiChangeP", percent(putChange, of: puts - putChange)),
            ("totalPutOi", .float(puts)),
            ("totalPutOiChange", .float(callChange)),
            ("totalPutOiChangeP", percent(callChange, of: calls - callChange)),
            ("totalPCR", calls == 0 ? .null : .float(puts / calls)),
            ("spotPrice", .float(spot)), ("spotChange", .float(quote?.change ?? 0)),
            ("spotChangeP", .float(quote?.changePercent ?? 0)),
            ("atm", snapshot.atTheMoney.map { number($0.price) } ?? .null),
            ("hideTimeSlider", .bool(served.isAfterClose)),
            ("strikePriceList", .list(snapshot.strikes.map { number($0.strike.price) })),
        ])
    }

    private var strikes: JSONText {
        .object(
            shown.map { row in
                let members = side("put", row.put) + side("call", row.call)
                return (row.strike.description, .object(members))
            }
        )
    }

    private func side(_ name: String, _ values: OptionData?) -> [(String, JSONText)] {
        let now = shares(values?.openInterest)
        let previous = shares(values?.previous)
        return [
            ("\(name)Oi", .float(now)), ("\(name)PrevOi", .float(previous)),
            ("\(name)OiChange", .float(now - previous)),
            ("\(name)OiChangeP", percent(now - previous, of: previous)),
        ]
    }

    private var echo: JSONText {
        let (lowest, highest) = bounds
        return .object([
            ("tradingDate", .string(served.tradingDate.description)),
            ("lastUpdatedDateTime", .string(stamp)),
            ("minTime", .string(served.isAfterClose ? served.minTime.description : requested.minTime)),
            ("maxTime", .string(served.maxTime.description)),
            // Text where a range was sent, numbers where none was.
            ("minStrikePrice", requested.strikes.map { .string($0.lowest) } ?? number(lowest)),
            ("maxStrikePrice", requested.strikes.map { .string($0.highest) } ?? number(highest)),
            ("expDateList", .list([.string(requested.expiry.description)])),
        ])
    }

    /// The values' own time: a second before the step of three minutes that they were taken at.
    private var stamp: String {
        let (date, time) = IndianTime.split(snapshot.provenance.asOf.advanced(bySeconds: -1))
        return "\(date)T\(time.fullDescription)+05:30"
    }

    private func percent(_ change: Double, of whole: Double) -> JSONText {
        whole == 0 ? .null : .float(100 * change / whole)
    }

    private func number(_ price: Double) -> JSONText {
        Int64(exactly: price).map { .int($0) } ?? .float(price)
    }
}

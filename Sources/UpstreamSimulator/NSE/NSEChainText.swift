import MarketData

/// How NSE writes an option chain: open interest and volume in contracts, which may be fractional, orders in shares.
struct NSEChainText {
    let snapshot: OpenInterestSnapshot

    /// The newest generation: the rows of one expiry.
    var nextAPI: JSONText {
        .object([
            ("data", .list(snapshot.strikes.map(row))), ("timestamp", .string(stamp)), ("underlyingValue", spot),
        ])
    }

    /// One generation older: the same rows in an envelope, and their sums.
    func versionThree(expiries: [CalendarDate]) -> JSONText {
        let strikes = snapshot.strikes.map { JSONText.string($0.strike.description) }
        let rows = JSONText.list(snapshot.strikes.map(row))
        let records: JSONText = .object([
            ("timestamp", .string(stamp)), ("underlyingValue", spot), ("data", rows),
            ("expiryDates", .list(expiries.map { .string(NSEDate.listed($0)) })), ("strikePrices", .list(strikes)),
        ])
        let filtered: JSONText = .object([("data", rows), ("CE", totals(\.call)), ("PE", totals(\.put))])
        return .object([("records", records), ("filtered", filtered)])
    }

    private var lot: Double { Double(snapshot.lotSize ?? 1) }
    private var spot: JSONText { .float(snapshot.spot ?? 0) }
    private var stamp: String { NSEDate.stamp(snapshot.provenance.asOf) }

    private func totals(_ side: KeyPath<OptionStrike, OptionData?>) -> JSONText {
        func sum(_ value: KeyPath<OptionData, Double?>) -> JSONText {
            number(snapshot.strikes.reduce(0) { $0 + ($1[keyPath: side]?[keyPath: value] ?? 0) / lot })
        }
        return .object([("totOI", sum(\.openInterest)), ("totVol", sum(\.volume))])
    }

    private func row(_ row: OptionStrike) -> JSONText {
        var members: [(String, JSONText)] = [("expiryDates", .string(NSEDate.inRow(snapshot.expiry)))]
        if let call = row.call { members.append(("CE", side(call, "CE", row.strike))) }
        if let put = row.put { members.append(("PE", side(put, "PE", row.strike))) }
        members.append(("strikePrice", number(row.strike.price)))
        return .object(members)
    }

    private func side(_ values: OptionData, _ name: String, _ strike: Strike) -> JSONText {
        let code = snapshot.symbol.ticker
        let kind = NSEChainText.indices.contains(code) ? "OPTIDX" : "OPTSTK"
        let expiry = NSEDate.inRow(snapshot.expiry)
        let openInterest = (values.openInterest ?? 0) / lot
        let previous = (values.previous ?? 0) / lot
        let wasTraded = (values.volume ?? 0) > 0
        let last = wasTraded ? values.last ?? 0 : 0
        let change = wasTraded ? values.priceChange ?? 0 : 0
        let orders = Double(1 + strike.tenThousandths / 500_000 % 20) * lot
        return .object([
            ("buyPrice1", number(max(0.05, ((last - 0.05) * 100).rounded() / 100))), ("buyQuantity1", number(orders)),
            ("change", number(change)), ("changeinOpenInterest", number(openInterest - previous)),
            ("expiryDate", .string(expiry)),
            ("identifier", .string("\(kind)\(code)\(expiry)\(name)\(NSEChainText.twoPlaces(strike))")),
            // 0 for an option without a trade today.
            ("impliedVolatility", number(wasTraded ? values.impliedVolatility ?? 0 : 0)), ("lastPrice", number(last)),
            ("openInterest", number(openInterest)), ("optionType", .null),
            ("pChange", number(change == 0 ? 0 : change / (last - change) * 100)),
            ("pchangeinOpenInterest", number(previous == 0 ? 0 : (openInterest - previous) / previous * 100)),
            ("sellPrice1", number(((last + 0.05) * 100).rounded() / 100)), ("sellQuantity1", number(orders)),
            ("strikePrice", number(strike.price)), ("totalBuyQuantity", number(orders * 40)),
            ("totalSellQuantity", number(orders * 36)), ("totalTradedVolume", number((values.volume ?? 0) / lot)),
            ("underlying", .string(code)), ("underlyingValue", spot),
        ])
    }

    private static let indices: Set<String> = ["NIFTY", "BANKNIFTY", "FINNIFTY", "MIDCPNIFTY", "NIFTYNXT50"]

    /// `25000.00`.
    private static func twoPlaces(_ strike: Strike) -> String {
        let cents = strike.tenThousandths / 100
        return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }

    /// Whole where it is whole: the site's numbers switch between the two from row to row.
    private func number(_ value: Double) -> JSONText { Int64(exactly: value).map { .int($0) } ?? .float(value) }
}

import JSON
import MarketData
import SourceHTTP

/// Reads the rows of a chain, which differ between generations in the names of a few fields.
struct ChainRows {
    let spelling: ChainSpelling
    /// The code of the underlying that was requested.
    let code: String
    /// The expiry that was requested.
    let expiry: CalendarDate

    /// The rows of the expiry, ascending by strike. Rows of other expiries, of which the older generations send all,
    /// are left out. So are a row that does not say its strike or expiry, a strike that is listed twice with different
    /// values, and a side with impossible numbers or another contract, each with a note; the others are not affected.
    /// - Parameter unread: What stands among the rows and is none.
    /// - Throws: `ChainFault`, also for another underlying and where most sides are left out.
    func read(
        _ objects: [JSONFields], beside unread: [UnreadableField]
    ) throws(ChainFault) -> (rows: [SiteChain.Row], dropped: [String]) {
        var rows: [Strike: SiteChain.Row] = [:]
        var twice: Set<Strike> = []
        var faults = unread
        var others: Set<CalendarDate> = []
        for object in objects {
            try ChainFault.naming { () throws(UnreadableField) in try checkUnderlying(of: object) }
            do throws(UnreadableField) {
                let found = try self.expiry(of: object)
                guard found == expiry else {
                    others.insert(found)
                    continue
                }
                let row = try self.row(object, &faults)
                if let known = rows.updateValue(row, forKey: row.strike), known != row {
                    twice.insert(row.strike)
                    throw UnreadableField(object.path, "the strike \(row.strike) is listed twice")
                }
            } catch { faults.append(error) }
        }
        for strike in twice { rows[strike] = nil }
        if rows.isEmpty, let first = faults.first { throw .unreadable(first) }
        if rows.isEmpty { throw .otherExpiries(others.sorted()) }
        let kept = rows.values.reduce(0) { $0 + ($1.call == nil ? 0 : 1) + ($1.put == nil ? 0 : 1) }
        if let first = faults.first, faults.count > kept { throw .unreadable(first) }
        return (rows.values.sorted { $0.strike < $1.strike }, faults.map(\.words))
    }

    private func expiry(of row: JSONFields) throws(UnreadableField) -> CalendarDate {
        for name in [spelling.rowExpiry, spelling.other.rowExpiry] {
            if let date = try row.siteDate(name) { return date }
        }
        for side in ["CE", "PE"] {
            if let date = try row.object(side)?.siteDate("expiryDate") { return date }
        }
        throw UnreadableField(row.path(of: spelling.rowExpiry), "missing: nothing says which expiry this is")
    }

    private func row(_ row: JSONFields, _ faults: inout [UnreadableField]) throws(UnreadableField) -> SiteChain.Row {
        let (call, put) = (object("CE", of: row, &faults), object("PE", of: row, &faults))
        var price = try row.number("strikePrice")
        // A side names its strike too.
        if price == nil { price = try call?.positive("strikePrice") }
        if price == nil { price = try put?.positive("strikePrice") }
        guard let price, let strike = Strike(price) else {
            throw UnreadableField(row.path(of: "strikePrice"), "missing, or no strike price")
        }
        return SiteChain.Row(
            strike: strike, call: side(call, strike, &faults), put: side(put, strike, &faults))
    }

    private func object(_ name: String, of row: JSONFields, _ faults: inout [UnreadableField]) -> JSONFields? {
        do { return try row.object(name) } catch { faults.append(error) }
        return nil
    }

    private func side(
        _ fields: JSONFields?, _ strike: Strike, _ faults: inout [UnreadableField]
    ) -> SiteChain.Side? {
        guard let fields, !fields.isEmpty, !isWithoutContract(fields) else { return nil }
        do {
            try checkIdentity(of: fields, strike)
            let side = try values(fields)
            try side.check(at: fields.path)
            return side
        } catch {
            faults.append(error)
            return nil
        }
    }

    /// Whether the contract does not exist: the site then names none and writes 0 for every number.
    private func isWithoutContract(_ fields: JSONFields) -> Bool {
        guard fields.names.contains("identifier"), fields.text("identifier") == nil else { return false }
        let numbers = ["openInterest", "changeinOpenInterest", "totalTradedVolume", "lastPrice", "impliedVolatility"]
        return numbers.allSatisfy { name in
            (try? fields.number(name)).map { $0 == 0 } ?? (fields.value(name) == nil)
        }
    }

    private func values(_ fields: JSONFields) throws(UnreadableField) -> SiteChain.Side {
        let last = try fields.positive("lastPrice")
        return SiteChain.Side(
            openInterest: try count(fields, "openInterest"),
            change: try fields.number("changeinOpenInterest"),
            volume: try count(fields, "totalTradedVolume"),
            last: last,
            priceChange: last == nil ? nil : try fields.number("change"),
            impliedVolatility: try fields.positive("impliedVolatility"),
            bid: try order(fields, [spelling.bid, spelling.other.bid]),
            ask: try order(fields, [spelling.ask, spelling.other.ask])
        )
    }

    /// A chain of another underlying than the requested one is not read at all.
    private func checkUnderlying(of row: JSONFields) throws(UnreadableField) {
        for name in ["CE", "PE"] {
            guard let fields = try? row.object(name), let underlying = fields.text("underlying"),
                underlying.uppercased() != code
            else { continue }
            throw UnreadableField(fields.path(of: "underlying"), "'\(underlying.prefix(40))', expected \(code)")
        }
    }

    /// A side names its own contract, which must match the row.
    private func checkIdentity(of fields: JSONFields, _ strike: Strike) throws(UnreadableField) {
        if let own = try fields.number("strikePrice"), Strike(own) != strike {
            throw UnreadableField(fields.path(of: "strikePrice"), "\(own.shortest) in the row of strike \(strike)")
        }
        if let own = try fields.siteDate("expiryDate"), own != expiry {
            throw UnreadableField(fields.path(of: "expiryDate"), "\(own) in a row of the expiry \(expiry)")
        }
    }

    private func count(_ fields: JSONFields, _ name: String) throws(UnreadableField) -> Double? {
        guard let number = try fields.number(name) else { return nil }
        guard number >= 0 else {
            throw UnreadableField(fields.path(of: name), "a count cannot be \(number.shortest)")
        }
        return number
    }

    private func order(
        _ fields: JSONFields, _ names: [ChainSpelling.Order]
    ) throws(UnreadableField) -> SiteChain.Order? {
        for name in names {
            guard let price = try fields.positive(name.price), let shares = try fields.positive(name.shares) else {
                continue
            }
            return SiteChain.Order(price: price, shares: shares)
        }
        return nil
    }
}

extension SiteChain.Side {
    /// - Throws: `UnreadableField` if the reported change of open interest is impossible.
    fileprivate func check(at path: String) throws(UnreadableField) {
        // Fractions of contracts are rounded; anything more than that is a contradiction.
        guard let openInterest, let change, openInterest - change < -0.01 else { return }
        throw UnreadableField(
            path, "the open interest \(openInterest.shortest) cannot have grown by \(change.shortest)")
    }
}

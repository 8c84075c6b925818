import JSON
import MarketData
import SourceHTTP

/// A response of `fno/option/chain` as sent: price, contracts traded, open interest and greeks by strike, with the
/// source's own ratios over the whole expiry.
struct PricedChain: Hashable, Sendable {
    /// One side of a strike. What the source writes as 0 without a value is `nil`.
    struct Side: Hashable, Sendable {
        var last: Double?
        /// Traded today, in contracts.
        var contracts: Double?
        /// In shares.
        var openInterest: Double?
        /// In percent a year.
        var impliedVolatility: Double?
        var greeks: SourceGreeks.Values?
        /// No implied volatility, and each greek exactly 0.0: so the source shows options that no longer live.
        var isFrozen = false
    }

    /// A strike.
    struct Row: Hashable, Sendable {
        var strike: Strike
        /// `nil` if the response has no value of that side.
        var call: Side?
        var put: Side?
    }

    /// Ascending by strike.
    var rows: [Row]
    /// The price of the underlying; `nil` if the source sent none.
    var spot: Double?
    var ratios: [PutCallRatio.Basis: Double]
    var maxPain: Strike?
    /// The sides that were left out because their numbers cannot be, and why.
    var dropped: [String] = []

    /// Whether every option shows the marks of an expiry that is over: real open interest, and no life in it.
    var isFrozen: Bool {
        let sides = rows.flatMap { [$0.call, $0.put].compactMap { $0 } }
        return !sides.isEmpty && sides.allSatisfy(\.isFrozen)
    }
}

extension PricedChain {
    /// Reads the body of `fno/option/chain`. `nil` for a body without a single strike, with which the source responds
    /// to an expiry that it does not serve.
    init?(_ body: JSONFields) throws(UnreadableField) {
        guard let table = try ColumnTable(body) else { return nil }
        try table.require("strike_price", "open_interest_call", "open_interest_put")
        var faults: [UnreadableField] = []
        rows = try PricedChain.rows(table, &faults)
        let kept = rows.reduce(0) { $0 + ($1.call == nil ? 0 : 1) + ($1.put == nil ? 0 : 1) }
        if let first = faults.first, faults.count > kept { throw first }
        dropped = faults.map(\.words)
        if rows.isEmpty { return nil }
        spot = try body.object("stockLevelData")?.positive("stockCurrentPrice")
        maxPain = try body.positive("maxPain").flatMap { Strike($0) }
        ratios = [:]
        guard let values = try body.object("expiryLevelPCRValues") else { return }
        for (basis, name) in [
            (PutCallRatio.Basis.openInterest, "pcr_oi"), (.volume, "pcr_volume"), (.change, "pcr_oi_change"),
        ] {
            ratios[basis] = try values.number(name)
        }
    }

    private static func rows(
        _ table: ColumnTable, _ faults: inout [UnreadableField]
    ) throws(UnreadableField) -> [Row] {
        var rows: [Row] = []
        var seen: Set<Strike> = []
        for cells in table.named {
            let strike: Strike
            do { strike = try self.strike(cells) } catch {
                faults.append(error)
                continue
            }
            guard seen.insert(strike).inserted else {
                throw UnreadableField(cells.path, "the strike \(strike) is listed twice")
            }
            var row = Row(strike: strike)
            do { row.call = try Side(cells, "call") } catch { faults.append(error) }
            do { row.put = try Side(cells, "put") } catch { faults.append(error) }
            if row.call != nil || row.put != nil { rows.append(row) }
        }
        return rows.sorted { $0.strike < $1.strike }
    }

    private static func strike(_ cells: JSONFields) throws(UnreadableField) -> Strike {
        guard let text = cells.text("strike_price"), let strike = Strike(text) else {
            let found = cells.value("strike_price")?.brief ?? "nothing"
            throw UnreadableField(cells.path(of: "strike_price"), "expected a strike price, found \(found)")
        }
        return strike
    }
}

extension PricedChain.Side {
    fileprivate init?(_ cells: JSONFields, _ side: String) throws(UnreadableField) {
        openInterest = try cells.number("open_interest_\(side)")
        contracts = try cells.number("traded_contracts_\(side)")
        last = try cells.positive("current_price_\(side)")
        impliedVolatility = try cells.positive("implied_volatility_\(side)")
        for (name, value) in [("open_interest", openInterest), ("traded_contracts", contracts)] {
            guard let value, value < 0 else { continue }
            throw UnreadableField(cells.path(of: "\(name)_\(side)"), "it cannot be \(value.shortest)")
        }
        let values = SourceGreeks.Values(
            delta: try cells.number("delta_calc_\(side)"), gamma: try cells.number("gamma_calc_\(side)"),
            theta: try cells.number("theta_calc_\(side)"), vega: try cells.number("vega_calc_\(side)"),
            rho: try cells.number("rho_calc_\(side)")
        )
        let known = [values.delta, values.gamma, values.theta, values.vega, values.rho].compactMap { $0 }
        isFrozen = impliedVolatility == nil && !known.isEmpty && known.allSatisfy { $0 == 0 }
        // Greeks of 0 without a volatility were not computed, and are not the greeks of anything.
        greeks = known.isEmpty || isFrozen ? nil : values
        if openInterest == nil, contracts == nil, last == nil, impliedVolatility == nil, known.isEmpty { return nil }
    }
}

extension PricedChain {
    /// The model that the source's greeks were found to fit (48 index puts to 0.003 points of volatility).
    static let model = "Black-Scholes on spot, r 7 %"

    /// The chain for a request about now, in shares.
    ///
    /// The response carries no stamp: it is taken to be of the moment of the request, or of the last close while the
    /// market is closed; its delay is unknown. Contracts become shares by the lot; where the lot is not known, the
    /// volume is not either. The change of open interest is sent in rounded percent only, from which no number of
    /// shares follows, so it is not known here.
    /// - Throws: `MarketDataError` `noDataForTime` for the frozen values of an expiry that is over.
    func chain(
        of symbol: Symbol, expiry: CalendarDate, now: Timestamp, calendar: TradingCalendar = .nse
    ) throws(MarketDataError) -> OptionChain {
        guard !isFrozen else {
            throw MarketDataError(
                .noDataForTime,
                "Trendlyne's values of \(symbol) for the expiry \(expiry) are frozen (no implied volatility, and every "
                    + "greek exactly 0), as those of an expiry that is over",
                source: .trendlyne
            )
        }
        let lot = LotSizes.size(of: symbol, expiring: expiry)
        let session = calendar.latestSession(at: now, segment: .derivatives)
        let isOver = now >= session.closes
        let snapshot = OpenInterestSnapshot(
            symbol: symbol, expiry: expiry, unit: .shares, lotSize: lot, spot: spot,
            strikes: rows.map { row in
                OptionStrike(strike: row.strike, call: row.call?.values(lot: lot), put: row.put?.values(lot: lot))
            },
            listedStrikes: dropped.isEmpty ? rows.count : nil,
            provenance: Provenance(
                source: .trendlyne, feed: "fno/option/chain", mode: isOver ? .endOfDay : .delayed, delaySeconds: nil,
                asOf: min(now, session.closes)
            ),
            notes: dropped.map { "dropped an option with contradicting values: \($0)" }
        )
        return OptionChain(
            snapshot: snapshot, sourceRatios: ratios, sourceMaxPain: maxPain, sourceGreeks: sourceGreeks)
    }

    private var sourceGreeks: SourceGreeks? {
        var strikes: [Strike: SourceGreeks.Row] = [:]
        for row in rows where row.call?.greeks != nil || row.put?.greeks != nil {
            strikes[row.strike] = SourceGreeks.Row(call: row.call?.greeks, put: row.put?.greeks)
        }
        return strikes.isEmpty ? nil : SourceGreeks(model: PricedChain.model, strikes: strikes)
    }
}

extension PricedChain.Side {
    fileprivate func values(lot: Int?) -> OptionData {
        var volume: Double?
        if let contracts, let lot { volume = contracts * Double(lot) }
        return OptionData(
            openInterest: openInterest, last: last, volume: volume, impliedVolatility: impliedVolatility)
    }
}

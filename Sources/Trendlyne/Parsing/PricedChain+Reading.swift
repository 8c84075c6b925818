import JSON
import MarketData
import SourceHTTP

extension PricedChain {
    /// Reads the body of `fno/option/chain`. `nil` for a body without a single strike, by which the source answers an
    /// expiry that it does not serve.
    init?(_ body: JSONFields) throws(UnreadableField) {
        guard let table = try ColumnTable(body) else { return nil }
        try table.require("strike_price", "open_interest_call", "open_interest_put")
        rows = try PricedChain.rows(table)
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

    private static func rows(_ table: ColumnTable) throws(UnreadableField) -> [Row] {
        var rows: [Row] = []
        var seen: Set<Strike> = []
        for cells in table.named {
            let strike = try strike(cells)
            guard seen.insert(strike).inserted else {
                throw UnreadableField(cells.path, "the strike \(strike) stands there twice")
            }
            let row = Row(strike: strike, call: try Side(cells, "call"), put: try Side(cells, "put"))
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
        let figures = SourceGreeks.Figures(
            delta: try cells.number("delta_calc_\(side)"), gamma: try cells.number("gamma_calc_\(side)"),
            theta: try cells.number("theta_calc_\(side)"), vega: try cells.number("vega_calc_\(side)"),
            rho: try cells.number("rho_calc_\(side)")
        )
        let known = [figures.delta, figures.gamma, figures.theta, figures.vega, figures.rho].compactMap { $0 }
        isFrozen = impliedVolatility == nil && !known.isEmpty && known.allSatisfy { $0 == 0 }
        // Greeks of 0 without a volatility were not computed, and are not the greeks of anything.
        greeks = known.isEmpty || isFrozen ? nil : figures
        if openInterest == nil, contracts == nil, last == nil, impliedVolatility == nil, known.isEmpty { return nil }
    }
}

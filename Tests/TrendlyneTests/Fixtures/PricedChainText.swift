import MarketData

/// A small made-up response of `fno/option/chain`, in which a test changes one part.
struct PricedChainText {
    /// One side of a strike, as the text of each of its cells.
    struct Side {
        var price = "101.5"
        var contracts = "20"
        var openInterest = "6500.0"
        var volatility = "12.25"
        var greeks = ["0.5", "0.001", "10.25", "-6.5", "12.75"]

        var cells: [String: String] {
            [
                "current_price": price, "day_change": "-1.5", "traded_contracts": contracts,
                "open_interest": openInterest, "oi_change": "3.25", "implied_volatility": volatility,
                "delta_calc": greeks[0], "gamma_calc": greeks[1], "rho_calc": greeks[2], "theta_calc": greeks[3],
                "vega_calc": greeks[4], "get_built_up_str": "\"Long Build Up\"", "chart": "null", "pk": "77",
            ]
        }

        /// How an option looks whose expiry is over.
        static let frozen = Side(volatility: "null", greeks: Array(repeating: "0.0", count: 5))
        static let nothing = Side(
            price: "null", contracts: "null", openInterest: "null", volatility: "null",
            greeks: Array(repeating: "null", count: 5))
    }

    /// By strike, as it is written.
    var strikes: [(strike: String, call: Side, put: Side)] = [
        ("24900", Side(price: "152.0"), Side(openInterest: "9750.0")), ("25000.0", Side(), Side(contracts: "0")),
    ]
    var columns = [
        "current_price", "day_change", "traded_contracts", "open_interest", "oi_change", "implied_volatility",
        "delta_calc", "gamma_calc", "rho_calc", "theta_calc", "vega_calc", "get_built_up_str", "chart", "pk",
    ]
    /// Whether the strike stands first instead of in the middle, as though the order had moved.
    var isReversed = false
    var maxPain = "25000"
    var ratios = #"{"pcr_oi":0.8851,"pcr_volume":0.9914,"pcr_oi_change":-1.25}"#
    var spot = "25012.35"

    var body: String {
        var names = columns.map { "\($0)_call" } + ["strike_price"] + columns.map { "\($0)_put" }
        if isReversed { names.reverse() }
        let headers = names.map { #"{"unique_name":"\#($0)","name":"x","type":"number"}"# }
        let rows = strikes.map { row in
            var cells = ["strike_price": row.strike]
            for (name, cell) in row.call.cells { cells["\(name)_call"] = cell }
            for (name, cell) in row.put.cells { cells["\(name)_put"] = cell }
            return "[" + names.map { cells[$0] ?? "null" }.joined(separator: ",") + "]"
        }
        return """
            {"tableHeaders":[\(headers.joined(separator: ","))],"tableData":[\(rows.joined(separator: ","))],
            "maxPain":\(maxPain),"atTheMoney":25000,"MWPL":null,"IV":null,"futureData":{},
            "stockLevelData":{"stockCurrentPrice":\(spot)},"expiryLevelPCRValues":\(ratios)}
            """
    }
}

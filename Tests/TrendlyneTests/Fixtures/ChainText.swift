import MarketData

/// A small made-up response of `live-oi-data`, in which a test changes one part.
struct ChainText {
    /// The text of one strike's object, by strike.
    var strikes: [(strike: String, values: String)] = [
        ("24900", ChainText.values(call: (650, 1300), put: (4550, 2600))),
        ("25000", ChainText.values(call: (3900, 1950), put: (2600, 3250))),
        ("25100", ChainText.values(call: (5200, 650), put: (1300, 1300))),
    ]
    var tradingDate = "\"2026-11-20\""
    var maxTime = "\"10:30\""
    var lastUpdated = "\"2026-11-20T10:29:59+05:30\""
    var expiries = "[\"2026-11-24\"]"
    var strikeRange = "\"minStrikePrice\":23750,\"maxStrikePrice\":26250"
    var spot = "25012.35"
    var listed = "[24800,24900,25000,25100,25200]"
    /// Swapped, as the site has it: the calls gained 5850 and the puts 1300.
    var totals = """
        "totalCallOi":9750.0,"totalPutOi":8450.0,"totalCallOiChange":1300.0,"totalPutOiChange":5850.0,"totalPCR":0.8666
        """

    var body: String {
        """
        {"overallData":{\(totals),"totalVol":99.0,"spotPrice":\(spot),"atm":25000,"strikePriceList":\(listed)},
        "oiData":{\(strikes.map { "\"\($0.strike)\":\($0.values)" }.joined(separator: ","))},
        "inputData":{"tradingDate":\(tradingDate),"lastUpdatedDateTime":\(lastUpdated),"minTime":"09:15",
        "maxTime":\(maxTime),\(strikeRange),"expDateList":\(expiries)}}
        """
    }

    /// The whole response.
    var text: String { ChainText.response(body) }

    /// A body in the envelope of a successful response.
    static func response(_ body: String) -> String {
        #"{"head":{"status":"0","statusDescription":"Success","responseCode":null},"body":\#(body)}"#
    }

    /// A strike's object from the open interest and that of the day before.
    static func values(call: (now: Double, before: Double), put: (now: Double, before: Double)) -> String {
        """
        {"putOi":\(put.now),"putPrevOi":\(put.before),"putOiChange":\(put.now - put.before),"putOiChangeP":1.5,\
        "callOi":\(call.now),"callPrevOi":\(call.before),"callOiChange":\(call.now - call.before),"callOiChangeP":null}
        """
    }
}

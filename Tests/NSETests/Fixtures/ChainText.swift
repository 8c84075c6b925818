/// A small made-up chain of NIFTY, in which a test changes one part. The lot of its expiry is 65.
struct ChainText {
    /// One side of one strike, in the words of the generation.
    struct Side {
        var openInterest = "100"
        var change = "10"
        var volume = "1000"
        var last = "55.5"
        var priceChange = "-4.25"
        var volatility = "11.25"
        var bidShares = "130"
        var askShares = "65"
        var underlying = "NIFTY"

        func modern(expiry: String) -> String {
            """
            {"underlying":"\(underlying)","expiryDate":"\(expiry)","openInterest":\(openInterest),\
            "changeinOpenInterest":\(change),"totalTradedVolume":\(volume),"lastPrice":\(last),"change":\(priceChange),\
            "impliedVolatility":\(volatility),"buyPrice1":55.45,"buyQuantity1":\(bidShares),"sellPrice1":55.6,\
            "sellQuantity1":\(askShares),"optionType":null}
            """
        }

        func legacy(expiry: String) -> String {
            """
            {"underlying":"\(underlying)","expiryDate":"\(expiry)","openInterest":\(openInterest),\
            "changeinOpenInterest":\(change),"totalTradedVolume":\(volume),"lastPrice":\(last),"change":\(priceChange),\
            "impliedVolatility":\(volatility),"bidprice":55.45,"bidQty":\(bidShares),"askPrice":55.6,\
            "askQty":\(askShares)}
            """
        }
    }

    /// A strike; a side that is `nil` is left out.
    struct Row {
        var strike: String
        var call: Side? = Side()
        var put: Side? = Side()
        var expiry = "24-Nov-2026"
    }

    /// Not in order, as the site may have them.
    var rows = [
        Row(strike: "25000", call: Side(openInterest: "60", change: "-30"), put: Side(openInterest: "40")),
        Row(strike: "24900", call: Side(openInterest: "10"), put: Side(openInterest: "70")),
        Row(strike: "25100", call: Side(openInterest: "80"), put: Side(openInterest: "20")),
    ]
    var timestamp: String? = "20-Nov-2026 10:30:00"
    var spot = "25012.35"
    /// As the older generations list them.
    var strikePrices = ["24900"]

    /// The one expiry of NextApi, which writes its month as a number inside rows.
    var nextAPI: String {
        let list = rows.map { row in text(row, key: "expiryDates", expiry: digits(row.expiry), modern: true) }
        return "{\"data\":[\(list.joined(separator: ","))],\(tail)}"
    }

    var versionThree: String {
        let list = rows.map { row in text(row, key: "expiryDates", expiry: row.expiry, modern: true) }
        return "{\"records\":{\"data\":[\(list.joined(separator: ","))],\"strikePrices\":[\(named)],\(tail)},"
            + "\"filtered\":{\"data\":[]}}"
    }

    var legacy: String {
        let list = rows.map { row in text(row, key: "expiryDate", expiry: row.expiry, modern: false) }
        return "{\"records\":{\"data\":[\(list.joined(separator: ","))],\(tail)},\"filtered\":{\"data\":[]}}"
    }

    private var tail: String {
        "\"underlyingValue\":\(spot)" + (timestamp.map { ",\"timestamp\":\"\($0)\"" } ?? "")
    }

    private func text(_ row: Row, key: String, expiry: String, modern: Bool) -> String {
        var fields = ["\"\(key)\":\"\(expiry)\"", "\"strikePrice\":\(row.strike)"]
        for (name, side) in [("CE", row.call), ("PE", row.put)] {
            guard let side else { continue }
            fields.append("\"\(name)\":" + (modern ? side.modern(expiry: expiry) : side.legacy(expiry: expiry)))
        }
        return "{\(fields.joined(separator: ","))}"
    }

    private var named: String { strikePrices.map { "\"\($0)\"" }.joined(separator: ",") }

    private func digits(_ expiry: String) -> String { expiry.replacing("-Nov-", with: "-11-") }
}

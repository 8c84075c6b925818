import MarketData
import MarketFormats

/// Open interest as the original page reads it. What is not known is `null`, where the original made something up.
struct OriginalOpenInterest {
    /// The symbol as it was asked for.
    let name: String
    let snapshot: OpenInterestSnapshot

    var json: JSONWriter {
        let ratio = snapshot.putCallRatio(by: .openInterest)
        var json = JSONWriter(capacity: 512 + snapshot.strikes.count * 160)
        json.beginObject()
        json.key("symbol")
        json.string(name)
        json.key("pcr")
        json.number(ratio.value.map { ($0 * 100).rounded() / 100 })
        if let reason = ratio.reason {
            json.key("pcr_reason")
            json.string(reason)
        }
        json.key("strikes")
        json.beginArray()
        for strike in snapshot.strikes { write(strike, to: &json) }
        json.endArray()
        json.key("atm_index")
        json.integer(snapshot.strikes.firstIndex { $0.strike == snapshot.atTheMoney })
        json.key("spot")
        json.number(snapshot.spot)
        json.key("expiry")
        json.string(snapshot.expiry.description)
        json.key("unit")
        json.string(snapshot.unit.rawValue)
        json.key("timestamp")
        json.string(snapshot.provenance.asOf.description)
        snapshot.provenance.writeOriginalFields(to: &json)
        json.endObject()
        json.endLine()
        return json
    }

    private func write(_ strike: OptionStrike, to json: inout JSONWriter) {
        json.beginObject()
        json.key("strike")
        json.number(strike.strike.price)
        json.key("ce_oi")
        json.number(strike.call?.openInterest)
        json.key("pe_oi")
        json.number(strike.put?.openInterest)
        json.key("ce_change")
        json.number(strike.call?.change)
        json.key("pe_change")
        json.number(strike.put?.change)
        json.key("ce_ltp")
        json.number(strike.call?.last)
        json.key("pe_ltp")
        json.number(strike.put?.last)
        json.endObject()
    }
}

import JSON
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
        json.field("symbol", name)
        json.field("pcr", ratio.value.map { ($0 * 100).rounded() / 100 })
        if let reason = ratio.reason {
            json.field("pcr_reason", reason)
        }
        json.beginArray("strikes")
        for strike in snapshot.strikes { write(strike, to: &json) }
        json.endArray()
        json.field("atm_index", snapshot.strikes.firstIndex { $0.strike == snapshot.atTheMoney })
        json.field("spot", snapshot.spot)
        json.field("expiry", snapshot.expiry.description)
        json.field("unit", snapshot.unit.rawValue)
        json.field("timestamp", snapshot.provenance.asOf.description)
        snapshot.provenance.writeOriginalFields(to: &json)
        json.endObject()
        json.endLine()
        return json
    }

    private func write(_ strike: OptionStrike, to json: inout JSONWriter) {
        json.beginObject()
        json.field("strike", strike.strike.price)
        json.field("ce_oi", strike.call?.openInterest)
        json.field("pe_oi", strike.put?.openInterest)
        json.field("ce_change", strike.call?.change)
        json.field("pe_change", strike.put?.change)
        json.field("ce_ltp", strike.call?.last)
        json.field("pe_ltp", strike.put?.last)
        json.endObject()
    }
}

import JSON
import MarketData

extension ContractRoll {
    /// `{"time":…,"from":…,"to":…}`; `null` for a contract that the source does not name.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("time", time.seconds)
        json.field("from", from?.description)
        json.field("to", to?.description)
        json.endObject()
    }
}

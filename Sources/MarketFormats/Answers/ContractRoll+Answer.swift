import MarketData

extension ContractRoll {
    /// `{"time":…,"from":…,"to":…}`; `null` for a contract that the source does not name.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("time")
        json.integer(time.seconds)
        json.key("from")
        json.string(from?.description)
        json.key("to")
        json.string(to?.description)
        json.endObject()
    }
}

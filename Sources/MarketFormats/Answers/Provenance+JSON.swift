import MarketData

extension Provenance {
    /// Writes the fields that stand on every answer, into an object that is open.
    func writeFields(to json: inout JSONWriter) {
        json.key("source")
        json.string(source.rawValue)
        json.key("feed")
        json.string(feed)
        json.key("mode")
        json.string(mode.rawValue)
        json.key("delaySeconds")
        json.integer(delaySeconds)
        json.key("asOf")
        json.string(asOf.description)
    }
}

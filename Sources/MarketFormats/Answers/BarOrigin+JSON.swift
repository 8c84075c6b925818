import MarketData

extension BarSeries {
    /// Writes who gave the bars that came from the store; nothing where one provenance says it of all.
    func writeOrigins(to json: inout JSONWriter) {
        guard !origins.isEmpty else { return }
        json.key("origins")
        json.beginArray()
        for origin in origins {
            json.beginObject()
            json.key("from")
            json.integer(origin.first.seconds)
            json.key("to")
            json.integer(origin.last.seconds)
            origin.provenance.writeFields(to: &json)
            json.endObject()
        }
        json.endArray()
    }
}

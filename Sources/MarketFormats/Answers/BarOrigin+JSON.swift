import JSON
import MarketData

extension BarSeries {
    /// Writes who gave the bars that came from the store; nothing where one provenance says it of all.
    func writeOrigins(to json: inout JSONWriter) {
        guard !origins.isEmpty else { return }
        json.beginArray("origins")
        for origin in origins {
            json.beginObject()
            json.field("from", origin.first.seconds)
            json.field("to", origin.last.seconds)
            origin.provenance.writeFields(to: &json)
            json.endObject()
        }
        json.endArray()
    }
}

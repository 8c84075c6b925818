import JSON
import MarketData

extension Provenance {
    /// Writes the fields that stand on every answer, into an object that is open.
    func writeFields(to json: inout JSONWriter) {
        json.field("source", source.rawValue)
        if let via = source.via { json.field("via", via) }
        json.field("feed", feed)
        json.field("mode", mode.rawValue)
        json.field("delaySeconds", delaySeconds)
        json.field("asOf", asOf.description)
    }
}

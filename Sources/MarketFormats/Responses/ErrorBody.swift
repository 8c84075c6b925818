public import JSON
public import MarketData

extension MarketDataError {
    /// Writes the error body, `{"error":{"code","message","source","retryable","suggestions"}}`.
    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("error")
        writeFields(to: &json)
        json.endObject()
    }

    /// Writes `{"code","message","source","retryable","suggestions"}`, the value of `error`.
    public func writeFields(to json: inout JSONWriter) {
        json.beginObject()
        json.field("code", code.rawValue)
        json.field("message", message)
        json.field("source", source?.rawValue)
        json.field("retryable", isRetryable)
        json.beginArray("suggestions")
        for suggestion in suggestions { json.string(suggestion) }
        json.endArray()
        json.endObject()
    }
}

extension Provenance {
    /// Writes the fields that every response has into an object that is open.
    func writeFields(to json: inout JSONWriter) {
        json.field("source", source.rawValue)
        if let via = source.via { json.field("via", via) }
        json.field("feed", feed)
        json.field("mode", mode.rawValue)
        json.field("delaySeconds", delaySeconds)
        json.field("asOf", asOf.description)
    }
}

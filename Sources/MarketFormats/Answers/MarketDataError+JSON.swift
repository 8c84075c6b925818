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
        json.key("code")
        json.string(code.rawValue)
        json.key("message")
        json.string(message)
        json.key("source")
        json.string(source?.rawValue)
        json.key("retryable")
        json.bool(isRetryable)
        json.key("suggestions")
        json.beginArray()
        for suggestion in suggestions { json.string(suggestion) }
        json.endArray()
        json.endObject()
    }
}

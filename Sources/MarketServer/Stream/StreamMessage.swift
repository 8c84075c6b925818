import MarketData
import MarketFormats
import NIOCore

/// Messages that belong to no subscription.
enum StreamMessage {
    /// The answer to a ping.
    static var pong: ByteBuffer { ByteBuffer(string: #"{"type":"pong"}"#) }

    /// A source came or went.
    static func status(_ status: SourceStatus) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.key("type")
        json.string("status")
        json.key("source")
        json.string(status.source.rawValue)
        json.key("state")
        json.string(status.state.rawValue)
        json.key("since")
        json.string(status.since.description)
        json.key("reason")
        json.string(status.reason)
        json.endObject()
        return json.buffer
    }

    /// A message of the client's was wrong.
    static func error(_ error: MarketDataError, id: String? = nil) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.key("type")
        json.string("error")
        if let id {
            json.key("id")
            json.string(id)
        }
        json.key("error")
        error.writeFields(to: &json)
        json.endObject()
        return json.buffer
    }
}

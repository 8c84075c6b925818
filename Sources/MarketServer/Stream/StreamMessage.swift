import JSON
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
        json.field("type", "status")
        json.field("source", status.source.rawValue)
        json.field("state", status.state.rawValue)
        json.field("since", status.since.description)
        json.field("reason", status.reason)
        json.endObject()
        return json.buffer
    }

    /// A message of the client's was wrong.
    static func error(_ error: MarketDataError, id: String? = nil) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "error")
        if let id {
            json.field("id", id)
        }
        json.key("error")
        error.writeFields(to: &json)
        json.endObject()
        return json.buffer
    }
}

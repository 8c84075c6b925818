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
        status.writeFields(to: &json)
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

extension SourceStatus {
    /// Writes source, state, since and reason into an object that is open.
    func writeFields(to json: inout JSONWriter) {
        json.field("source", source.rawValue)
        if let via = source.via {
            json.field("via", via)
        }
        json.field("state", state.rawValue)
        json.field("since", since.description)
        json.field("reason", reason)
    }
}

extension SubscriptionVoice {
    /// A snapshot with the present status of every source, so that a client that was told of an outage learns of its end.
    mutating func snapshot(
        _ statuses: [SourceStatus], capacity: Int = 1024, _ write: (inout JSONWriter) -> Void
    ) -> ByteBuffer {
        message("snapshot", capacity: capacity) { json in
            json.beginArray("sources")
            for status in statuses {
                json.beginObject()
                status.writeFields(to: &json)
                json.field("lastData", status.lastData?.description)
                json.endObject()
            }
            json.endArray()
            write(&json)
        }
    }
}

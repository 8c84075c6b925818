import JSON
import MarketData
import MarketFormats
import NIOCore

/// Words the messages of one subscription and numbers them.
struct MessageEncoder: Sendable {
    let id: String
    /// The number of the next message.
    private(set) var sequence = 0

    init(id: String) { self.id = id }

    /// A message of a type, with the fields that `write` adds.
    mutating func message(_ type: StaticString, capacity: Int = 256, _ write: (inout JSONWriter) -> Void = { _ in })
        -> ByteBuffer
    {
        var json = JSONWriter(capacity: capacity)
        json.beginObject()
        json.field("type", "\(type)")
        json.field("id", id)
        json.field("seq", sequence)
        write(&json)
        json.endObject()
        sequence += 1
        return json.buffer
    }

    /// Why the subscription, or one instrument of it, has no data.
    mutating func message(_ error: MarketDataError, symbol: Symbol? = nil) -> ByteBuffer {
        message("error") { json in
            if let symbol {
                json.field("symbol", symbol.description)
            }
            json.key("error")
            error.writeFields(to: &json)
        }
    }
}

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

extension MessageEncoder {
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

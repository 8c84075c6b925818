import JSON
import MarketData
import MarketFormats
import NIOCore

/// Words the messages of one subscription and numbers them.
struct SubscriptionVoice: Sendable {
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

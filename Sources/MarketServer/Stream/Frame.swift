import JSON
import MarketData
import MarketFormats
import NIOCore

/// A message that many viewers get, encoded once. Each viewer's copy has its own `id` and `seq` after the type.
struct Frame: Sendable {
    /// The message without `id` and `seq`.
    let bytes: [UInt8]
    /// The place of `id` and `seq` in the bytes.
    let split: Int
    /// The `id` of the server-sent event: the opening time in seconds of the newest bar up to this message.
    let eventID: Int64?

    /// A message of a type, with the fields that `write` adds.
    init(
        _ type: StaticString, capacity: Int = 256, eventID: Int64? = nil,
        _ write: (inout JSONWriter) -> Void = { _ in }
    ) {
        var json = JSONWriter(capacity: capacity)
        json.beginObject()
        json.field("type", "\(type)")
        split = json.bytes.count
        write(&json)
        json.endObject()
        bytes = json.bytes
        self.eventID = eventID
    }

    /// A message of any form that has no place for `id` and `seq`.
    init(message: JSONWriter) {
        bytes = message.bytes
        split = message.bytes.count
        eventID = nil
    }
}

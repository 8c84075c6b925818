import JSON

/// Reads the server's payloads.
///
/// Bars and quotes in their usual spelling are read straight from the bytes; everything else, and every spelling that
/// the fast readers do not know, goes through `JSONValue`. Both check every byte.
public enum ServerEventDecoder {
    /// The most bytes of an unknown message that are kept.
    public static let longestPayloadKept = 4096
    /// The most bytes of an unreadable payload that are kept.
    public static let longestExcerpt = 256

    /// The event in a payload. Whatever the bytes are, this returns: what cannot be read is `.unreadable`.
    public static func decode(_ payload: [UInt8]) -> ServerEvent {
        payload.withUnsafeBufferPointer { bytes in
            if let event = try? readFast(bytes) { return event }
            return decodeAnyShape(bytes)
        }
    }

    /// The same by way of `JSONValue` alone.
    static func decodeAnyShape(_ bytes: UnsafeBufferPointer<UInt8>) -> ServerEvent {
        do {
            let value = try JSONValue(bytes)
            return try ServerMessage.event(value, payload: bytes)
        } catch let fault as JSONFault {
            return unreadable("not JSON: \(fault.reason), at byte \(fault.offset)", bytes)
        } catch let fault as MessageFault {
            return unreadable(fault.reason, bytes)
        } catch {
            return unreadable("\(error)", bytes)
        }
    }

    /// Bars and quotes in the spelling that the server uses; `nil` for any other message.
    private static func readFast(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> ServerEvent? {
        var cursor = JSONCursor(bytes)
        guard cursor.take("{\"m\":\"") else { return nil }
        if cursor.take("qsd\",\"p\":[") { return .quoteData(try QuoteUpdateReader.read(&cursor)) }
        if cursor.take("du\",\"p\":[") { return .dataUpdate(try ChartUpdateReader.read(&cursor)) }
        if cursor.take("timescale_update\",\"p\":[") { return .timescaleUpdate(try ChartUpdateReader.read(&cursor)) }
        return nil
    }

    private static func unreadable(_ reason: String, _ bytes: UnsafeBufferPointer<UInt8>) -> ServerEvent {
        .unreadable(reason: reason, excerpt: String(decoding: bytes.prefix(longestExcerpt), as: UTF8.self))
    }
}

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

    /// The event in a payload. Never fails: invalid payloads are `.unreadable`.
    public static func decode(_ payload: [UInt8]) -> ServerEvent { payload.withUnsafeBufferPointer(decode) }

    /// The event in a payload that is a part of a message.
    public static func decode(_ payload: ArraySlice<UInt8>) -> ServerEvent { payload.withUnsafeBufferPointer(decode) }

    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> ServerEvent {
        if let update = PlainQuoteReader.read(bytes) { return .quoteData(update) }
        if let event = try? readFast(bytes) { return event }
        return decodeAnyShape(bytes)
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

/// Why JSON is not the message that it says it is.
struct MessageFault: Error, Hashable {
    /// The reason, as text.
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// The readable part of an invalid message: its method and its session.
public struct MessageSubject: Hashable, Sendable {
    /// The method, such as `timescale_update`.
    public let method: String
    /// The session; `nil` where none can be read.
    public let session: SessionID?

    /// Reads the beginning `{"m":METHOD,"p":[SESSION` of a payload; `nil` where it begins otherwise, or
    /// where it may be several packets run into one.
    public init?(_ payload: [UInt8]) { self.init(payload[...]) }

    /// The same for a payload that is a part of a message.
    public init?(_ payload: ArraySlice<UInt8>) {
        let subject = payload.withUnsafeBufferPointer { bytes -> (String, String?)? in
            var cursor = JSONCursor(bytes)
            return try? MessageSubject.read(&cursor)
        }
        guard let subject, !MessageSubject.holdsDelimiter(payload) else { return nil }
        method = subject.0
        session = subject.1.map(SessionID.init(rawValue:))
    }

    private static func read(_ cursor: inout JSONCursor) throws(JSONFault) -> (String, String?) {
        try cursor.expect(UInt8(ascii: "{"), "expected an object")
        guard try cursor.readKey().isEqual(to: "m") else { throw cursor.fault("expected the method") }
        try cursor.expect(UInt8(ascii: ":"), "expected a colon")
        let method = try cursor.readString()
        do throws(JSONFault) {
            try cursor.expect(UInt8(ascii: ","), "expected a comma")
            guard try cursor.readKey().isEqual(to: "p") else { return (method, nil) }
            try cursor.expect(UInt8(ascii: ":"), "expected a colon")
            try cursor.expect(UInt8(ascii: "["), "expected a list")
            return (method, try cursor.readString())
        } catch {
            return (method, nil)
        }
    }

    private static func holdsDelimiter(_ payload: ArraySlice<UInt8>) -> Bool {
        let mark = Array("~m~".utf8)
        return payload.indices.dropLast(2).contains { payload[$0] == mark[0] && payload[$0...].starts(with: mark) }
    }
}

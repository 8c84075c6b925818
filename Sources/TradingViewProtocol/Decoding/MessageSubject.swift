import JSON

/// What a message that cannot be read says of itself, as far as it can be read: its method, and the session it is of.
public struct MessageSubject: Hashable, Sendable {
    /// The method, such as `timescale_update`.
    public let method: String
    /// The session; `nil` where none can be read.
    public let session: SessionID?

    /// Reads the beginning `{"m":METHOD,"p":[SESSION` of a payload, whatever follows; `nil` where it begins otherwise, or
    /// where it may be several packets run into one.
    public init?(_ payload: [UInt8]) {
        let subject = payload.withUnsafeBufferPointer { bytes -> (String, String?)? in
            var cursor = JSONCursor(bytes)
            return try? MessageSubject.read(&cursor)
        }
        guard let subject, !MessageSubject.holdsDelimiter(payload) else { return nil }
        method = subject.0
        session = subject.1.map(SessionID.init(rawValue:))
    }

    private static func read(_ cursor: inout JSONCursor) throws(JSONFault) -> (String, String?) {
        try cursor.expect(UInt8(ascii: "{"), "an object was expected")
        guard try cursor.readKey().isEqual(to: "m") else { throw cursor.fault("the method was expected") }
        try cursor.expect(UInt8(ascii: ":"), "a colon was expected")
        let method = try cursor.readString()
        do throws(JSONFault) {
            try cursor.expect(UInt8(ascii: ","), "a comma was expected")
            guard try cursor.readKey().isEqual(to: "p") else { return (method, nil) }
            try cursor.expect(UInt8(ascii: ":"), "a colon was expected")
            try cursor.expect(UInt8(ascii: "["), "a list was expected")
            return (method, try cursor.readString())
        } catch {
            return (method, nil)
        }
    }

    private static func holdsDelimiter(_ payload: [UInt8]) -> Bool {
        let mark = Array("~m~".utf8)
        return payload.indices.dropLast(2).contains { payload[$0] == mark[0] && payload[$0...].starts(with: mark) }
    }
}

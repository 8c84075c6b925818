/// What came back over HTTP, before anything is made of it.
public struct HTTPAnswer: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The Content-Type as it stands.
    public var contentType: String?
    /// The Retry-After as it stands.
    public var retryAfter: String?
    /// Each Set-Cookie as it stands.
    public var setCookies: [String]
    /// The body.
    public var body: [UInt8]

    /// An answer from its parts.
    public init(
        status: Int = 200, contentType: String? = nil, retryAfter: String? = nil, setCookies: [String] = [],
        body: [UInt8]
    ) {
        self.status = status
        self.contentType = contentType
        self.retryAfter = retryAfter
        self.setCookies = setCookies
        self.body = body
    }

    /// The beginning of the body on one line, for messages.
    public var opening: String {
        let text = String(decoding: body.prefix(160), as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The first byte that is neither white space nor a byte-order mark: `<` in a web page, whatever its label says.
    public var firstByte: UInt8? {
        body.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    }

    /// Status, content type and first bytes, for the message of an answer that cannot be used.
    public var evidence: String {
        "status \(status), content type \(contentType ?? "none"), "
            + (opening.isEmpty ? "no bytes" : "first bytes: \(opening)")
    }
}

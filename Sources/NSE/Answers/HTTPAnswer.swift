/// What came back over HTTP, before anything is made of it.
struct HTTPAnswer: Sendable {
    /// The HTTP status.
    var status: Int
    /// The Content-Type as it stands.
    var contentType: String?
    /// The Retry-After as it stands.
    var retryAfter: String?
    /// Each Set-Cookie as it stands.
    var setCookies: [String]
    /// The body.
    var body: [UInt8]

    init(
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
    var opening: String {
        let text = String(decoding: body.prefix(160), as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Whether a web page stands where data should be. The first byte decides: the site labels data as a page at times.
    var isPage: Bool { firstByte == UInt8(ascii: "<") }

    /// The first byte that is neither white space nor a byte-order mark.
    private var firstByte: UInt8? {
        body.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    }
}

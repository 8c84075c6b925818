/// What came back over HTTP, before anything is made of it.
struct HTTPAnswer: Sendable {
    /// The HTTP status.
    var status: Int
    /// The Content-Type as it stands.
    var contentType: String?
    /// The Retry-After as it stands.
    var retryAfter: String?
    /// The body.
    var body: [UInt8]

    init(status: Int = 200, contentType: String? = nil, retryAfter: String? = nil, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.retryAfter = retryAfter
        self.body = body
    }

    /// The beginning of the body on one line, for messages.
    var opening: String {
        let text = String(decoding: body.prefix(160), as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Whether a web page stands where data should be.
    var isPage: Bool {
        if let contentType, contentType.lowercased().contains("html") { return true }
        return body.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) } == UInt8(ascii: "<")
    }

    /// Whether the page is one by which a firewall turns a visitor away.
    var isRefusalPage: Bool {
        guard isPage else { return false }
        let text = String(decoding: body.prefix(32_768), as: UTF8.self).lowercased()
        return HTTPAnswer.refusalWords.contains { text.contains($0) }
    }

    private static let refusalWords = [
        "captcha", "access denied", "forbidden", "request blocked", "not allowed", "too many requests",
        "verify you are human", "attention required", "challenge-platform", "awswaf",
    ]
}

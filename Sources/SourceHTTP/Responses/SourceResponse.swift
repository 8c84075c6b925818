import Foundation
import JSON
public import MarketData
import NetworkFailure

/// What came back over HTTP, before anything is made of it.
public struct SourceResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The Content-Type as it stands.
    public var contentType: String?
    /// The Retry-After as it stands.
    public var retryAfter: String?
    /// Each Set-Cookie as it stands.
    public var setCookies: [String]
    /// The Location as it stands.
    public var location: String?
    /// The address that answered, after redirects that the HTTP client followed by itself; `nil` where it followed none.
    public var address: String?
    /// When it came, by which a date in Retry-After is read; `nil` where that is not known.
    public var receivedAt: Timestamp?
    /// The body.
    public var body: [UInt8]

    /// An answer from its parts.
    public init(
        status: Int = 200, contentType: String? = nil, retryAfter: String? = nil, setCookies: [String] = [],
        location: String? = nil, address: String? = nil, receivedAt: Timestamp? = nil, body: [UInt8]
    ) {
        self.status = status
        self.contentType = contentType
        self.retryAfter = retryAfter
        self.setCookies = setCookies
        self.location = location
        self.address = address
        self.receivedAt = receivedAt
        self.body = body
    }

    /// How long the server wants to be left alone, in seconds, a day at most; `nil` where it does not say.
    public var retryAfterSeconds: Int? {
        let now = receivedAt.map { Date(timeIntervalSince1970: Double($0.milliseconds) / 1000) }
        return RetryAfter.seconds(retryAfter, now: now)
    }

    /// Whether the server sends the client on to another address.
    public var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Whether the body begins as a web page does, whatever its label says.
    public var beginsAsPage: Bool { firstByte == UInt8(ascii: "<") }

    /// Whether a web page came: by its first byte or by its label.
    public var isPage: Bool { beginsAsPage || contentType?.lowercased().contains("html") == true }

    /// The beginning of the body on one line, for messages.
    public var opening: String {
        let text = String(decoding: body.prefix(160), as: UTF8.self).printable
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The first byte that is neither white space nor a byte-order mark: `<` in a web page, whatever its label says.
    public var firstByte: UInt8? {
        body.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    }

    /// Status, content type and first bytes, for the message of an answer that cannot be used.
    public var evidence: String {
        "status \(status), content type \(contentType?.printable ?? "none"), "
            + (opening.isEmpty ? "no bytes" : "first bytes: \(opening)")
    }
}

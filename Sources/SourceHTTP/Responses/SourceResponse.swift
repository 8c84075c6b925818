import Foundation
public import JSON
public import MarketData
public import NetworkFailure

/// An HTTP response from a source, not yet decoded.
public struct SourceResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The Content-Type as received.
    public var contentType: String?
    /// The Retry-After as received.
    public var retryAfter: String?
    /// Each Set-Cookie as received.
    public var setCookies: [String]
    /// The Location as received.
    public var location: String?
    /// The final address after redirects followed by the HTTP client; `nil` if it followed none.
    public var address: String?
    /// When the response was received, the base for a date in Retry-After; `nil` if unknown.
    public var receivedAt: Timestamp?
    /// The body.
    public var body: [UInt8]

    /// A response from its parts.
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

    /// The Retry-After in seconds, at most a day; `nil` where it is absent.
    public var retryAfterSeconds: Int? {
        let now = receivedAt.map { Date(timeIntervalSince1970: Double($0.milliseconds) / 1000) }
        return RetryAfter.seconds(retryAfter, now: now)
    }

    /// Whether the response redirects to another address.
    public var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Whether the body begins like a web page; the Content-Type is ignored.
    public var beginsAsPage: Bool { firstByte == UInt8(ascii: "<") }

    /// Whether the response is a web page, by its first byte or its Content-Type.
    public var isPage: Bool { beginsAsPage || contentType?.lowercased().contains("html") == true }

    /// The beginning of the body on one line, for messages.
    public var opening: String {
        let text = String(decoding: body.prefix(160), as: UTF8.self).printable
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The first byte that is neither white space nor a byte-order mark: `<` in a web page.
    public var firstByte: UInt8? {
        body.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    }

    /// Status, content type and first bytes, for the message of an invalid response.
    public var evidence: String {
        "status \(status), content type \(contentType?.printable ?? "none"), "
            + (opening.isEmpty ? "no bytes" : "first bytes: \(opening)")
    }
}

/// A source's site, as error messages name it.
public struct Site: Hashable, Sendable {
    /// Its name, such as `Trendlyne`.
    public let name: String
    /// The source.
    public let source: Provenance.Source
    /// The host that requests go to; may differ from the site's own.
    public let host: String

    /// A site at a base address such as `https://host:port`.
    public init(_ name: String, _ source: Provenance.Source, at baseURL: String) {
        self.name = name
        self.source = source
        host = URLComponents(string: baseURL)?.host ?? baseURL
    }

    /// Name and host, such as `Trendlyne (127.0.0.1)`.
    public var displayName: String { "\(name) (\(host))" }
}

extension ConnectionFailure {
    /// The error for the caller.
    public func error(of site: Site, timeout: Duration) -> MarketDataError {
        switch self {
        case .cancelled, .timedOut:
            MarketDataError(
                .upstreamTimeout,
                "\(site.displayName) did not respond within \((Double(timeout.wholeMilliseconds) / 1000).shortest) s",
                source: site.source)
        case .responseTooLarge, .tooManyRedirects:
            MarketDataError(
                .upstreamUnreadable, "invalid response from \(site.displayName): \(words)", source: site.source)
        default:
            MarketDataError(
                .upstreamUnavailable, "\(site.displayName) cannot be reached: \(words)", source: site.source)
        }
    }
}

extension JSONFields {
    /// A date written `YYYY-MM-DD`; `nil` where it is absent, null or empty.
    public func date(_ name: String) throws(UnreadableField) -> CalendarDate? {
        guard let text = text(name) else { return nil }
        guard let date = CalendarDate(text) else {
            throw UnreadableField(path(of: name), "expected a date such as 2026-01-27, found '\(text.prefix(60))'")
        }
        return date
    }

    /// Dates written `YYYY-MM-DD`, in a list or as one text; `nil` where the field is absent or null.
    public func dates(_ name: String) throws(UnreadableField) -> [CalendarDate]? {
        guard value(name) != nil else { return nil }
        if case .string = value(name) { return try date(name).map { [$0] } ?? [] }
        var dates: [CalendarDate] = []
        for item in try list(name) ?? [] {
            guard case .string(let text) = item, let date = CalendarDate(text) else {
                throw UnreadableField(path(of: name), "expected dates such as 2026-01-27, found \(item.brief)")
            }
            dates.append(date)
        }
        return dates
    }
}

import Foundation
public import MarketData
public import NetworkFailure

/// A site as the messages of its errors call it.
public struct Site: Hashable, Sendable {
    /// Its name, such as `Trendlyne`.
    public let name: String
    /// Which source it is.
    public let source: Provenance.Source
    /// The host that is really asked, which need not be the site's own.
    public let host: String

    /// A site at a base address such as `https://host:port`.
    public init(_ name: String, _ source: Provenance.Source, at baseURL: String) {
        self.name = name
        self.source = source
        host = URLComponents(string: baseURL)?.host ?? baseURL
    }

    /// Name and host, such as `Trendlyne (127.0.0.1)`.
    public var words: String { "\(name) (\(host))" }
}

extension ConnectionFailure {
    /// The error for whoever asked the site.
    public func error(of site: Site, timeout: Duration) -> MarketDataError {
        switch self {
        case .cancelled, .timedOut:
            MarketDataError(
                .upstreamTimeout,
                "\(site.words) gave no answer within \((Double(timeout.wholeMilliseconds) / 1000).shortest) s",
                source: site.source)
        case .responseTooLarge, .tooManyRedirects:
            MarketDataError(.upstreamUnreadable, "\(site.words) cannot be read: \(words)", source: site.source)
        default:
            MarketDataError(.upstreamUnavailable, "\(site.words) cannot be reached: \(words)", source: site.source)
        }
    }
}

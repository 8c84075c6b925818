/// Why a request for market data failed: one code of a closed set, and a message for people.
public struct MarketDataError: Error, Hashable, Sendable {
    /// The kinds of failure; the raw value is what HTTP responses and scripts see.
    public enum Code: String, CaseIterable, Sendable {
        case badRequest = "bad_request"
        case unknownInterval = "unknown_interval"
        case symbolNotFound = "symbol_not_found"
        case neverTraded = "never_traded"
        case notEntitled = "not_entitled"
        case signInRefused = "sign_in_refused"
        case throttled
        case upstreamUnavailable = "upstream_unavailable"
        case upstreamTimeout = "upstream_timeout"
        case upstreamUnreadable = "upstream_unreadable"
        case expiryNotListed = "expiry_not_listed"
        case noDataForTime = "no_data_for_time"
        case notSupported = "not_supported"
        case unauthorized
        case tooLarge = "too_large"
        case overloaded
    }

    /// What a loop may do about a failure.
    public enum Recovery: Hashable, Sendable {
        /// Retry after a number of seconds.
        case retry(afterSeconds: Int)
        /// Reconnect, then retry.
        case reconnect
        /// The connection is good; this one subscription must be made again.
        case resubscribe
        /// Nothing will change by retrying.
        case giveUp
    }

    /// The kind of failure.
    public let code: Code
    /// The reason, with the input; no secrets.
    public let message: String
    /// The source that failed; `nil` if the request itself was at fault.
    public let source: Provenance.Source?
    /// What a loop may do about it.
    public let recovery: Recovery
    /// What may have been meant: similar symbols, or the nearest expiries.
    public let suggestions: [String]

    /// A failure; without `recovery`, what the code suggests.
    public init(
        _ code: Code,
        _ message: String,
        source: Provenance.Source? = nil,
        recovery: Recovery? = nil,
        suggestions: [String] = []
    ) {
        self.code = code
        self.message = message
        self.source = source
        self.recovery = recovery ?? code.usualRecovery
        self.suggestions = suggestions
    }

    /// A request that can never succeed.
    public static func badRequest(_ message: String) -> MarketDataError { MarketDataError(.badRequest, message) }

    /// Whether retrying later may succeed.
    public var isRetryable: Bool { recovery != .giveUp }
}

extension MarketDataError.Code {
    var usualRecovery: MarketDataError.Recovery {
        switch self {
        case .throttled: .retry(afterSeconds: 60)
        case .overloaded: .retry(afterSeconds: 5)
        case .upstreamUnavailable, .upstreamTimeout: .reconnect
        default: .giveUp
        }
    }
}

extension MarketDataError: CustomStringConvertible {
    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }
}

extension MarketDataError {
    /// A moment for which nothing can be known, since it has not come.
    /// - Parameters:
    ///   - moment: The requested moment.
    ///   - now: The present one.
    ///   - source: The source; `nil` for none.
    public static func inFuture(
        _ moment: Timestamp, now: Timestamp, source: Provenance.Source? = nil
    ) -> MarketDataError {
        MarketDataError(
            .noDataForTime, "no data for \(moment): it is in the future; the time is \(now)", source: source)
    }

    /// An expiry that a source does not list; the listed ones nearest to it, at most six, are the suggestions.
    /// - Parameters:
    ///   - expiry: The requested expiry; `nil` where none was named.
    ///   - listed: The expiries of the source.
    ///   - message: The failure, in a sentence that names the expiry.
    ///   - source: The source.
    public static func expiryNotListed(
        _ expiry: CalendarDate?, among listed: [CalendarDate], _ message: String, source: Provenance.Source
    ) -> MarketDataError {
        let nearest =
            expiry.map { wanted in
                func distance(_ date: CalendarDate) -> Int { abs(date.daysSinceEpoch - wanted.daysSinceEpoch) }
                return listed.sorted { distance($0) < distance($1) }
            } ?? listed
        return MarketDataError(
            .expiryNotListed, message, source: source, suggestions: nearest.prefix(6).sorted().map(\.description))
    }
}

import JSON
import MarketData
import NetworkFailure
import SourceHTTP

/// A query that brought nothing, and whether another generation of addresses may bring something.
struct Refusal: Error {
    /// The error that the caller gets.
    let error: MarketDataError
    /// Whether this one address failed and not the whole site.
    let isOfOneAddress: Bool
    /// Whether the address is gone.
    let isGone: Bool

    /// A refusal of the whole site.
    init(_ error: MarketDataError) { self.init(error, isOfOneAddress: false, isGone: false) }

    /// No response came.
    init(_ failure: ConnectionFailure, _ site: Site, _ timeout: Duration) {
        self.init(failure.error(of: site, timeout: timeout))
    }

    /// The response holds no data.
    init(_ fault: ResponseFault, _ site: Site, _ endpoint: Endpoint, secondsLeft: Int?) {
        let isOfTheSite = [.unauthorized, .forbidden].contains(fault.kind) || secondsLeft != nil
        self.init(
            MarketDataError(
                fault.code, "\(site.words): \(fault.words) for \(endpoint.path) (\(fault.evidence))",
                source: .nse, recovery: secondsLeft.map { .retry(afterSeconds: $0) }
            ),
            isOfOneAddress: !isOfTheSite, isGone: fault.kind == .addressGone
        )
    }

    /// The data is not that of the query.
    init(_ fault: ChainFault, _ site: Site, _ endpoint: Endpoint) {
        let opening = "invalid response from \(site.words) for \(endpoint.path)"
        let error =
            switch fault {
            case .missingRecords(let path):
                MarketDataError(.upstreamUnreadable, "\(opening): the response has no '\(path)'", source: .nse)
            case .unreadable(let field):
                MarketDataError(
                    .upstreamUnreadable, "\(opening), sent what cannot be read: \(field.words)", source: .nse)
            case .otherExpiries(let dates):
                MarketDataError(
                    .expiryNotListed,
                    dates.isEmpty
                        ? "\(opening): the chain has not a single strike"
                        : "\(opening): it has \(dates.map(\.description).joined(separator: ", ")) instead",
                    source: .nse
                )
            }
        self.init(error, isOfOneAddress: true, isGone: false)
    }

    private init(_ error: MarketDataError, isOfOneAddress: Bool, isGone: Bool) {
        self.error = error
        self.isOfOneAddress = isOfOneAddress
        self.isGone = isGone
    }
}

extension [Refusal] {
    /// The error that the caller gets: what each generation said, under the code of the newest one, or of the one that
    /// ended the attempts.
    var together: MarketDataError? {
        guard let first, let last else { return nil }
        guard count > 1 else { return first.error }
        return MarketDataError(
            (last.isOfOneAddress ? first : last).error.code, map(\.error.message).joined(separator: "; "), source: .nse,
            recovery: last.error.recovery
        )
    }
}

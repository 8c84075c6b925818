import JSON
import MarketData
import NetworkFailure
import SourceHTTP

/// A failed request, and whether another generation of addresses is worth trying.
struct Refusal: Error {
    /// The error for the caller.
    let error: MarketDataError
    /// Whether this one address failed and not the whole site.
    let isOfOneAddress: Bool
    /// Whether the address is gone.
    let isGone: Bool

    /// A refusal of the whole site.
    init(_ error: MarketDataError) { self.init(error, isOfOneAddress: false, isGone: false) }

    /// No response was received.
    init(_ failure: ConnectionFailure, _ site: Site, _ timeout: Duration) {
        self.init(failure.error(of: site, timeout: timeout))
    }

    /// The response holds no data.
    init(_ fault: ResponseFault, _ site: Site, _ endpoint: Endpoint, secondsLeft: Int?) {
        let isOfTheSite = [.unauthorized, .forbidden].contains(fault.kind) || secondsLeft != nil
        self.init(
            MarketDataError(
                fault.code, "\(site.displayName): \(fault.words) for \(endpoint.path) (\(fault.evidence))",
                source: .nse, recovery: secondsLeft.map { .retry(afterSeconds: $0) }
            ),
            isOfOneAddress: !isOfTheSite, isGone: fault.kind == .addressGone
        )
    }

    /// The response is not for the requested chain.
    init(_ fault: ChainFault, _ site: Site, _ endpoint: Endpoint) {
        let opening = "invalid response from \(site.displayName) for \(endpoint.path)"
        let error =
            switch fault {
            case .missingRecords(let path):
                MarketDataError(.upstreamUnreadable, "\(opening): the response has no '\(path)'", source: .nse)
            case .unreadable(let field):
                MarketDataError(
                    .upstreamUnreadable, "\(opening): \(field.words)", source: .nse)
            case .otherExpiries(let dates):
                MarketDataError(
                    .expiryNotListed,
                    dates.isEmpty
                        ? "\(opening): the chain has no strikes"
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
    /// The error for the caller: the messages of all generations, with the code of the newest one, or of the one that
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

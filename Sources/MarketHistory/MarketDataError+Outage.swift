package import MarketData

extension MarketDataError {
    /// The error itself, or one that stands for a failure of an unknown type.
    package init(wrapping error: any Error) {
        self =
            error as? MarketDataError
            ?? MarketDataError(.upstreamUnavailable, "a source failed in an unforeseen way (\(type(of: error)))")
    }

    /// Whether the source could not be reached, or not be understood.
    package var isOutage: Bool {
        switch code {
        case .upstreamUnavailable, .upstreamTimeout, .upstreamUnreadable, .signInRefused: true
        default: false
        }
    }
}

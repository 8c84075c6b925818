import MarketData

/// What a live topic remembers of its source's state, and so whether its memory may be told as live.
struct Outage {
    private(set) var status: SourceStatus?

    /// The source said how it is doing.
    mutating func reported(_ status: SourceStatus) {
        self.status = status.state == .connected ? nil : status
    }

    /// The source spoke of the market, so it is there.
    mutating func ended() { status = nil }

    /// The status that stands in the way of telling what is remembered as live. A first connection that is being made,
    /// with nothing remembered and nothing gone wrong, does not.
    func status(hasData: Bool) -> SourceStatus? {
        guard let status, hasData || status.reason != nil || status.state == .down else { return nil }
        return status
    }
}

extension MarketDataError {
    /// Why a source that is not connected has no live data.
    static func disconnected(_ status: SourceStatus) -> MarketDataError {
        MarketDataError(
            .upstreamUnavailable,
            "\(status.source.rawValue) is \(status.state.rawValue) since \(status.since): "
                + (status.reason ?? "no reason given"),
            source: status.source)
    }
}

extension SourceStatus {
    /// What is told of one subscription that is not live. Its source may be well; `subscription` says which is meant.
    init(subscription condition: SubscriptionCondition, source: Provenance.Source?, lastData: Timestamp?) {
        self.init(
            source: source ?? .tradingview, state: .reconnecting, since: condition.since, reason: condition.reason,
            lastData: lastData, subscription: condition)
    }
}

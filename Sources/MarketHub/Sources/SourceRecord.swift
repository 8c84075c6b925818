import MarketData

/// What is known of one source: a pure record of what was seen of it.
struct SourceRecord {
    private(set) var report: SourceReport

    init(source: Provenance.Source, at now: Timestamp) {
        report = SourceReport(status: SourceStatus(source: source, state: .idle, since: now))
    }

    /// Data came.
    mutating func received(at now: Timestamp) {
        report.status.lastData = now
        enter(.connected, reason: nil, at: now)
    }

    /// A question failed.
    mutating func failed(_ error: MarketDataError, at now: Timestamp) {
        guard error.code != .notSupported else { return }
        report.lastError = error
        report.lastErrorTime = now
        switch error.code {
        case .upstreamUnavailable, .upstreamTimeout, .upstreamUnreadable, .signInRefused:
            enter(.down, reason: error.message, at: now)
        default: break
        }
    }

    /// The source said itself how it is doing.
    mutating func reported(_ status: SourceStatus) {
        let lastData = [report.status.lastData, status.lastData].compactMap { $0 }.max()
        report.status = status
        report.status.lastData = lastData
    }

    private mutating func enter(_ state: SourceStatus.State, reason: String?, at now: Timestamp) {
        if report.status.state != state { report.status.since = now }
        report.status.state = state
        report.status.reason = reason
    }
}

import MarketData
import MarketHistory

/// What is known of one source: a pure record of what was seen of it.
struct SourceRecord {
    private(set) var report: SourceReport

    init(source: Provenance.Source, at now: Timestamp) {
        report = SourceReport(status: SourceStatus(source: source, state: .idle, since: now))
    }

    /// Data came. What the source said of a connection that stands holds still.
    mutating func received(at now: Timestamp) {
        report.status.lastData = now
        enter(.connected, reason: report.status.state == .connected ? report.status.reason : nil, at: now)
    }

    /// A question failed.
    mutating func failed(_ error: MarketDataError, at now: Timestamp) {
        guard !error.code.isAskersFault else { return }
        report.lastError = error
        report.lastErrorTime = now
        if error.isOutage { enter(.down, reason: error.message, at: now) }
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

extension MarketDataError.Code {
    /// Whether the question was at fault, which says nothing of how the source is doing.
    fileprivate var isAskersFault: Bool {
        switch self {
        case .badRequest, .unknownInterval, .noDataForTime, .expiryNotListed, .symbolNotFound, .neverTraded, .tooLarge,
            .notSupported, .unauthorized:
            true
        default: false
        }
    }
}

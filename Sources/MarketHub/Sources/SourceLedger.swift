public import MarketData
import MarketHistory
public import ServiceLifecycle
import Synchronization

/// The records of all sources.
final class SourceLedger: Sendable {
    private let records: Mutex<[Provenance.Source: SourceRecord]>
    private let clock: @Sendable () -> Timestamp

    init(sources: [Provenance.Source], clock: @escaping @Sendable () -> Timestamp) {
        let now = clock()
        let known = sources.map { ($0, SourceRecord(source: $0, at: now)) }
        records = Mutex(Dictionary(known, uniquingKeysWith: { first, _ in first }))
        self.clock = clock
    }

    var reports: [SourceReport] {
        records.withLock { $0.values.map(\.report) }.sorted { $0.status.source.rawValue < $1.status.source.rawValue }
    }

    func received(from source: Provenance.Source) {
        update(source) { $0.received(at: $1) }
    }

    func failed(_ error: MarketDataError) {
        guard let source = error.source else { return }
        update(source) { $0.failed(error, at: $1) }
    }

    func reported(_ status: SourceStatus) {
        update(status.source) { record, _ in record.reported(status) }
    }

    private func update(_ source: Provenance.Source, _ change: (inout SourceRecord, Timestamp) -> Void) {
        let now = clock()
        records.withLock { change(&$0[source, default: SourceRecord(source: source, at: now)], now) }
    }
}

/// The record of one source's successes and failures. Pure.
struct SourceRecord {
    private(set) var report: SourceReport

    init(source: Provenance.Source, at now: Timestamp) {
        report = SourceReport(status: SourceStatus(source: source, state: .idle, since: now))
    }

    /// Data was received. What the source reported about an open connection still holds.
    mutating func received(at now: Timestamp) {
        report.status.lastData = now
        enter(.connected, reason: report.status.state == .connected ? report.status.reason : nil, at: now)
    }

    /// A request failed.
    mutating func failed(_ error: MarketDataError, at now: Timestamp) {
        guard !error.code.isAskersFault else { return }
        report.lastError = error
        report.lastErrorTime = now
        if error.isOutage { enter(.down, reason: error.message, at: now) }
    }

    /// The source reported its own state.
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
    /// Whether the request was at fault, which says nothing about the state of the source.
    fileprivate var isAskersFault: Bool {
        switch self {
        case .badRequest, .unknownInterval, .noDataForTime, .expiryNotListed, .symbolNotFound, .neverTraded, .tooLarge,
            .notSupported, .unauthorized:
            true
        default: false
        }
    }
}

/// The condition of a source, with its newest failure.
public struct SourceReport: Hashable, Sendable {
    /// How it is doing.
    public var status: SourceStatus
    /// The last failure; `nil` where there was none.
    public var lastError: MarketDataError?
    /// When that was.
    public var lastErrorTime: Timestamp?
    /// How many requests the source may still be sent today; `nil` where none are counted.
    public var budgetLeft: Int?

    /// Whether a request to the source is likely to succeed: it is connected, or idle after a response or before the
    /// first request.
    public var isAvailable: Bool {
        switch status.state {
        case .connected, .connecting: return true
        case .reconnecting, .down: return false
        case .idle:
            guard let failed = lastErrorTime, lastError?.isOutage == true else { return true }
            return status.lastData.map { $0 > failed } ?? false
        }
    }

    /// Whether the source has a connection whose state it reports; others are known by their responses alone.
    var reportsItself: Bool { givesBars }

    /// Whether sources of this kind have bars at all.
    public var givesBars: Bool {
        switch status.source {
        case .tradingview, .store, .mock: true
        case .trendlyne, .nse: false
        }
    }
}

/// Looks at the sources, so that the hub's record of them needs no traffic: those that know how they are doing report it,
/// the others are probed while they are down.
public struct SourceMonitor: Service {
    let sources: [any MonitoredSource]
    /// Requests one small response of each source that does not report its state.
    let probe: @Sendable () async -> Void
    let ledger: SourceLedger
    let pause: Duration

    /// Keeps the sources connected and looks at them each second, until the task is cancelled or the service group shuts
    /// down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                if !self.sources.isEmpty { group.addTask { await self.follow() } }
                group.addTask { await self.probeWhileDown() }
            }
        }
    }

    private func follow() async {
        for source in sources { await source.keepConnected() }
        repeat {
            for source in sources { ledger.reported(await source.status()) }
        } while (try? await Task.sleep(for: pause)) != nil
    }

    /// Probes while a source is down, less and less often, so that the quota of a day is not spent on it.
    private func probeWhileDown() async {
        var wait = ProbeWait()
        while (try? await Task.sleep(for: pause * wait.ticks)) != nil {
            let isDown = ledger.reports.contains { !$0.reportsItself && !$0.isAvailable }
            if isDown { await probe() }
            wait.probed(isDown: isDown)
        }
    }
}

/// How long to wait between two probes: a second while the source works, then longer each time.
struct ProbeWait: Hashable, Sendable {
    private(set) var ticks = 1
    private static let first = 15
    private static let longest = 600

    mutating func probed(isDown: Bool) {
        ticks = isDown ? min(max(ticks * 2, ProbeWait.first), ProbeWait.longest) : 1
    }
}

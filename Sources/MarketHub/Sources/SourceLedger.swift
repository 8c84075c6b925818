import MarketData
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

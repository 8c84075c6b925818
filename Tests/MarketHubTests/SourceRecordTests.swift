import MarketData
import Testing

@testable import MarketHub

@Suite("Source record")
struct SourceRecordTests {
    private func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    @Test("a source is idle until asked, connected with its first datum and down when it cannot be reached")
    func life() {
        var record = SourceRecord(source: .tradingview, at: time(1))
        #expect(record.report.status.state == .idle)
        record.received(at: time(2))
        record.received(at: time(3))
        #expect(record.report.status.state == .connected)
        #expect(record.report.status.since == time(2))
        #expect(record.report.status.lastData == time(3))
        record.failed(MarketDataError(.upstreamUnavailable, "no route", source: .tradingview), at: time(4))
        #expect(record.report.status.state == .down)
        #expect(record.report.status.reason == "no route")
        #expect(record.report.status.lastData == time(3))
        #expect(record.report.lastErrorTime == time(4))
    }

    @Test("a wrong symbol is the caller's fault and leaves the source as it is")
    func callersFault() {
        var record = SourceRecord(source: .tradingview, at: time(1))
        record.received(at: time(2))
        record.failed(MarketDataError(.symbolNotFound, "no such symbol", source: .tradingview), at: time(3))
        #expect(record.report.status.state == .connected)
        #expect(record.report.lastError?.code == .symbolNotFound)
    }

    @Test("a source's own word on its state stands, and does not make its last datum older")
    func ownWord() {
        var record = SourceRecord(source: .tradingview, at: time(1))
        record.received(at: time(9))
        record.reported(
            SourceStatus(
                source: .tradingview, state: .reconnecting, since: time(10), reason: "closed", lastData: time(5),
                reconnects: 3))
        #expect(record.report.status.state == .reconnecting)
        #expect(record.report.status.reconnects == 3)
        #expect(record.report.status.lastData == time(9))
    }
}

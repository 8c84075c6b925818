import MarketData
import Testing

@testable import MarketHub

@Suite("Source record")
struct SourceRecordTests {
    private func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    @Test("a source is idle until used, connected with its first data and down when it cannot be reached")
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

    @Test(
        "a caller's error leaves the source unchanged, and is not its last error",
        arguments: [
            MarketDataError.Code.badRequest, .unknownInterval, .noDataForTime, .expiryNotListed, .symbolNotFound,
            .tooLarge, .notSupported,
        ])
    func callersFault(code: MarketDataError.Code) {
        var record = SourceRecord(source: .tradingview, at: time(1))
        record.received(at: time(2))
        record.failed(MarketDataError(code, "cannot be", source: .tradingview), at: time(3))
        #expect(record.report.status.state == .connected)
        #expect(record.report.lastError == nil)
        #expect(record.report.lastErrorTime == nil)
    }

    @Test("a source's state on an idle connection holds when data arrive, and an earlier reason is cleared")
    func reasonWhileConnected() {
        var record = SourceRecord(source: .tradingview, at: time(1))
        record.reported(
            SourceStatus(source: .tradingview, state: .connected, since: time(2), reason: "the server for everybody"))
        record.received(at: time(3))
        #expect(record.report.status.reason == "the server for everybody")
        record.failed(MarketDataError(.upstreamUnavailable, "no route", source: .tradingview), at: time(4))
        record.received(at: time(5))
        #expect(record.report.status.reason == nil)
    }

    @Test("an idle source may respond, unless its last request failed")
    func atRest() {
        var record = SourceRecord(source: .tradingview, at: time(1))
        #expect(record.report.isAvailable)
        record.failed(MarketDataError(.upstreamUnavailable, "no route", source: .tradingview), at: time(4))
        #expect(!record.report.isAvailable)
        record.reported(SourceStatus(source: .tradingview, state: .idle, since: time(5)))
        #expect(!record.report.isAvailable)
        record.received(at: time(6))
        record.reported(SourceStatus(source: .tradingview, state: .idle, since: time(7)))
        #expect(record.report.isAvailable)
    }

    @Test("a source's own state is kept, and does not make its last data older")
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

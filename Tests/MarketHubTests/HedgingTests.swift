import MarketData
import Synchronization
import TestSupport
import Testing

@testable import MarketHub

@Suite("Sources that stall")
struct HedgingTests {
    /// What one provider does with a request.
    enum Play: Sendable {
        case responses(Provenance.Source)
        case fails(MarketDataError.Code)
        case stalls
    }

    private struct Given: Sendable { let source: Provenance.Source }

    private func order(_ plays: [Play]) -> SourceFailover<Int> {
        SourceFailover(
            providers: Array(plays.indices), subject: "open interest",
            ledger: SourceLedger(sources: [], clock: { Timestamp(seconds: 0) }), logger: .quiet)
    }

    private func fetch(_ plays: [Play], hedge: Duration = .milliseconds(20)) async throws -> (Provenance.Source, [Int])
    {
        let requested = Mutex<[Int]>([])
        let given = try await within(.seconds(10)) {
            try await order(plays).fetchHedged(
                { number -> Given in
                    requested.withLock { $0.append(number) }
                    switch plays[number] {
                    case .responses(let source): return Given(source: source)
                    case .fails(let code): throw MarketDataError(code, "no", source: .trendlyne)
                    case .stalls:
                        try await Task.sleep(for: .seconds(60))
                        throw MarketDataError(.upstreamTimeout, "late", source: .trendlyne)
                    }
                }, sourceOf: \.source, after: hedge)
        }
        return (given.source, requested.withLock { $0 })
    }

    @Test("a stalled source is overtaken by the next, and by the one after it")
    func stalls() async throws {
        #expect(try await fetch([.stalls, .responses(.nse)]) == (.nse, [0, 1]))
        #expect(try await fetch([.stalls, .stalls, .responses(.nse)]) == (.nse, [0, 1, 2]))
    }

    @Test("a source that responds in time is the only one used")
    func inTime() async throws {
        #expect(try await fetch([.responses(.trendlyne), .responses(.nse)], hedge: .seconds(30)) == (.trendlyne, [0]))
    }

    @Test("after a failure the next source is used at once")
    func fails() async throws {
        #expect(
            try await fetch([.fails(.upstreamUnavailable), .responses(.nse)], hedge: .seconds(30)) == (.nse, [0, 1]))
        #expect(try await fetch([.stalls, .fails(.throttled), .responses(.nse)]) == (.nse, [0, 1, 2]))
    }

    @Test(
        "a final failure is returned, and no other source is used",
        arguments: [MarketDataError.Code.symbolNotFound])
    func final(code: MarketDataError.Code) async throws {
        let error = await #expect(throws: MarketDataError.self) {
            try await fetch([.fails(code), .responses(.nse)], hedge: .seconds(30))
        }
        #expect(error?.code == code)
    }

    @Test("when every source fails, each is named with its reason")
    func allFail() async throws {
        let hub = MarketHub.over(
            ScriptedSource(.trendlyne, failing: MarketDataError(.throttled, "wait", source: .trendlyne)),
            ScriptedSource(.nse, failing: MarketDataError(.upstreamUnreadable, "odd strike", source: .nse)))
        let error = await #expect(throws: MarketDataError.self) {
            try await hub.openInterest(OpenInterestRequest(symbol: .nifty))
        }
        #expect(error?.code == .throttled)
        #expect(error?.message.contains("nse: odd strike") == true)
    }
}

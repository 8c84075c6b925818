import AsyncHTTPClient
import MarketData
import SourceHTTP
import TestSupport
import Testing
import Trendlyne
import UpstreamSimulator

@Suite("Trendlyne as simulated")
struct SimulatedUpstreamTests {
    @Test("expiries and a chain are read over a socket, with a ratio of the sum of puts over the sum of calls")
    func wholeWay() async throws {
        let (list, snapshot) = try await withClient(SimulatorConfiguration()) { client in
            (try await client.expiries(of: .nifty), try await client.openInterest(OpenInterestRequest(symbol: .nifty)))
        }
        #expect(list.expiries.count > 3)
        #expect(snapshot.expiry == list.standard)
        #expect(snapshot.unit == .shares)
        let puts = snapshot.strikes.compactMap(\.put?.openInterest).reduce(0, +)
        let calls = snapshot.strikes.compactMap(\.call?.openInterest).reduce(0, +)
        #expect(puts > 0 && calls > 0)
        #expect(snapshot.putCallRatio(by: .openInterest).value == puts / calls)
        #expect(snapshot.strikes.count < snapshot.listedStrikes ?? 0)
    }

    @Test("a stock is found by the simulator's search")
    func stock() async throws {
        let list = try await withClient(SimulatorConfiguration()) { client in
            try await client.expiries(of: Symbol(exchange: "NSE", ticker: "RELIANCE"))
        }
        #expect(!list.expiries.isEmpty)
    }

    @Test(
        "the simulator's refusals have their codes",
        arguments: [
            (Fault.trendlyneHTML, MarketDataError.Code.upstreamUnreadable), (.trendlyne405, .throttled),
            (.trendlyneEmpty, .upstreamUnreadable),
        ])
    func refusals(fault: Fault, code: MarketDataError.Code) async throws {
        var configuration = SimulatorConfiguration()
        configuration.faults = [fault]
        let error = try await withClient(configuration) { client in
            await failure { _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty)) }
        }
        #expect(error?.code == code)
    }

    @Test(
        "the simulator's always open market responds as of now at any hour",
        arguments: ["2026-11-22 12:00", "2026-11-23 05:35", "2026-11-23 09:20", "2026-11-23 11:00", "2026-11-23 19:00"])
    func anyHour(moment: String) async throws {
        let now = india(moment)
        let snapshot = try await withClient(SimulatorConfiguration { now }, now: { now }) { client in
            try await client.openInterest(OpenInterestRequest(symbol: .nifty))
        }
        #expect(IndianTime.date(snapshot.provenance.asOf) == IndianTime.date(now))
        #expect((snapshot.provenance.mode == .endOfDay) == (snapshot.provenance.delaySeconds == nil))
    }

    @Test("yesterday's close served in the session is rejected as of now")
    func wrongDay() async throws {
        let now = india("2026-11-23 11:00")
        var configuration = SimulatorConfiguration { now }
        configuration.faults = [.trendlyneWrongTime]
        let error = try await withClient(configuration, now: { now }) { client in
            await failure { _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty)) }
        }
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("2026-11-22") == true)
        #expect(error?.message.contains("2026-11-23") == true)
    }

    private func withClient<Result: Sendable>(
        _ configuration: SimulatorConfiguration,
        now: @escaping @Sendable () -> Timestamp = SystemClock.now,
        _ body: @Sendable (TrendlyneClient) async throws -> Result
    ) async throws -> Result {
        try await UpstreamSimulator.withRunning(configuration, logger: .quiet) { _, port in
            let httpClient = HTTPClient(configuration: TrendlyneClient.httpConfiguration)
            let client = TrendlyneClient(
                configuration: TrendlyneConfiguration(
                    baseURL: "http://127.0.0.1:\(port)", rateLimit: RateLimit(gap: .zero)),
                httpClient: httpClient, logger: .quiet, now: now
            )
            do {
                let result = try await body(client)
                try await httpClient.shutdown()
                return result
            } catch {
                try await httpClient.shutdown()
                throw error
            }
        }
    }
}

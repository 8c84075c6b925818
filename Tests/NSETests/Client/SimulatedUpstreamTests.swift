import AsyncHTTPClient
import MarketData
import SourceHTTP
import TestSupport
import Testing
import UpstreamSimulator

@testable import NSE

@Suite("NSE as simulated")
struct SimulatedUpstreamTests {
    let now = "2026-11-20 11:00"

    @Test("the current chain is read with the page's cookies, in shares, with prices")
    func chain() async throws {
        let chain = try await withClient { client in try await client.optionChain(of: .nifty, expiry: nil) }
        #expect(chain.snapshot.unit == .shares)
        #expect(chain.snapshot.expiry == day("2026-11-23"))
        #expect(chain.snapshot.provenance.feed == "NextApi getOptionChainData")
        #expect(chain.snapshot.strikes.contains { $0.call?.last != nil && $0.put?.volume != nil })
        #expect(chain.snapshot.putCallRatio(by: .openInterest).value != nil)
    }

    @Test("version three is used where the newest address is gone")
    func versionThree() async throws {
        let snapshot = try await withClient(faults: [.nseNextGone]) { client in
            try await client.openInterest(OpenInterestRequest(symbol: .nifty))
        }
        #expect(snapshot.provenance.feed == "option-chain-v3")
    }

    @Test(
        "refusals, pages and empty objects are named errors",
        arguments: [
            (Fault.nse403, MarketDataError.Code.throttled), (.nseHTML, .upstreamUnreadable),
            (.nseEmpty, .upstreamUnreadable),
        ])
    func refusals(fault: Fault, code: MarketDataError.Code) async throws {
        let error = try await withClient(faults: [fault]) { client in
            await failure { _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty)) }
        }
        #expect(error?.code == code)
    }

    @Test("past days come from the simulated archive, in both formats of hours")
    func archive() async throws {
        let moments = ["2026-11-19 18:00", "2026-11-18 12:00", "2026-07-13 18:00"]
        let snapshots = try await withClient { client in
            var snapshots: [OpenInterestSnapshot] = []
            for moment in moments {
                snapshots.append(try await client.openInterest(OpenInterestRequest(symbol: .nifty, at: india(moment))))
            }
            return snapshots
        }
        let closes = ["2026-11-19 15:40", "2026-11-17 15:40", "2026-07-13 15:30"].map(india)
        #expect(snapshots.map(\.provenance.asOf) == closes)
        #expect(snapshots.allSatisfy { $0.unit == .shares && $0.provenance.mode == .endOfDay })
        #expect(snapshots.map(\.lotSize) == [65, 65, 65])
    }

    @Test("a week's history has a close for each trading day")
    func history() async throws {
        let range = TimeRange(from: india("2026-11-09 00:00"), to: india("2026-11-14 00:00"))
        let history = try await withClient { client in
            try await client.openInterestHistory(of: .nifty, expiry: day("2026-11-23"), within: range)
        }
        // The tenth was a holiday.
        let days = ["2026-11-09", "2026-11-11", "2026-11-12", "2026-11-13"]
        #expect(history.map { IndianTime.date($0.provenance.asOf).description } == days)
    }

    @Test("an archive without files is reported as such")
    func noFiles() async throws {
        let error = try await withClient(faults: [.nseNoFiles]) { client in
            await failure {
                _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty, at: india("2026-11-18 18:00")))
            }
        }
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("no F&O bhavcopy of 2026-11-18") == true)
    }

    private func withClient<Result: Sendable>(
        faults: Set<Fault> = [], _ body: @Sendable (NSEClient) async throws -> Result
    ) async throws -> Result {
        let now = india(now)
        var configuration = SimulatorConfiguration(scenario: .exchangeHours) { now }
        configuration.faults = faults
        return try await UpstreamSimulator.withRunning(configuration, logger: .quiet) { _, port in
            let httpClient = HTTPClient(configuration: NSEClient.httpConfiguration)
            let address = "http://127.0.0.1:\(port)"
            let client = NSEClient(
                configuration: NSEConfiguration(baseURL: address, archivesURL: address, rateLimit: .withoutGaps),
                httpClient: httpClient, logger: .quiet, now: { now })
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

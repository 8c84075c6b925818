import AsyncHTTPClient
import Foundation
import MarketData
import MarketHub
import MarketServer
import NIOCore
import SourceHTTP
import TestSupport
import Testing
import Trendlyne

@Suite(
    "Trendlyne's swapped totals, from the recorded response to the output",
    .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
struct SwappedTotalsTests {
    /// The Tuesday of the recording, after the close.
    static let now = IndianTime.timestamp(CalendarDate(daysSinceEpoch: 20_438), ClockTime(hour: 15, minute: 31))

    /// Sends a request to a whole server over the recorded chain of 16 December 2025.
    func fetch(_ path: String) async throws -> String {
        let list = #"{"head":{"status":"0"},"body":{"expiryDates":["2025-12-16","2025-12-23"]}}"#
        let responses = [
            "/phoenix/api/fno/get-expiry-dates/": Array(list.utf8),
            "/phoenix/api/live-oi-data/": try Captures.bytes(
                "trendlyne/trendlyne-live-oi-data-NIFTY-2025-12-16-1525.json"),
        ]
        return try await RecordedSite.with(responses, httpClient: TrendlyneClient.httpConfiguration) {
            address, client in
            let trendlyne = TrendlyneClient(
                configuration: TrendlyneConfiguration(baseURL: address, rateLimit: RateLimit(gap: .zero)),
                httpClient: client, logger: .quiet, now: { Self.now })
            let hub = MarketHub(
                history: [], openInterest: [trendlyne], live: [], search: [], logger: .quiet,
                clock: { Self.now })
            let server = try MarketServer(
                hub: hub, configuration: MarketServerConfiguration(port: 0), logger: .quiet,
                clock: { Self.now })
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                defer { group.cancelAll() }
                let request = HTTPClientRequest(url: "http://127.0.0.1:\(try await server.port)\(path)")
                let response = try await client.execute(request, timeout: .seconds(20))
                return String(buffer: try await response.body.collect(upTo: 1 << 22))
            }
        }
    }

    @Test("the change of the calls is that of the calls and of the puts that of the puts, over HTTP")
    func response() async throws {
        let text = try await fetch("/v1/open-interest?symbol=NIFTY")
        #expect(text.contains(#""callChange":38213100"#))
        #expect(text.contains(#""putChange":-40649625"#))
        #expect(text.contains(#""call":185473275"#))
        #expect(text.contains(#""put":137574450"#))
        #expect(text.contains(#""putCallRatio":0.7417481036014488"#))
        // The source's own total of the calls, which is the puts' change.
        #expect(!text.contains(#""callChange":-40649625"#))
    }

    @Test("the swapped totals do not reach the ratio, its rows or the original dashboard")
    func elsewhere() async throws {
        for path in [
            "/v1/put-call-ratio?symbol=NIFTY", "/v1/open-interest?symbol=NIFTY&format=csv",
            "/v1/open-interest?symbol=NIFTY&format=ndjson", "/api/market/oi-data?symbol=NSE:NIFTY",
        ] {
            let text = try await fetch(path)
            #expect(text.count > 100, "\(path): \(text)")
            #expect(!text.contains(#""callChange":-40649625"#), "\(path)")
            #expect(!text.contains(#""putChange":38213100"#), "\(path)")
        }
    }
}

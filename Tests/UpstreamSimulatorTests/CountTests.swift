import JSON
import MarketData
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("Counters of the simulator")
struct CountTests {
    @Test("requested and sent bars are counted, by symbol and interval, over pages too")
    func counts() throws {
        var client = try CoreClient()
        _ = client.history("NSE:NIFTY", count: 300)
        client.send(.requestMoreData(CoreClient.chart, series: "s1", count: 200))
        _ = client.events()
        let simulation = client.connection.simulation
        #expect(simulation.counts.all.map(\.symbol) == ["NSE:NIFTY"])
        let count = try #require(simulation.counts.all.first)
        #expect(count.interval == .fiveMinutes)
        #expect((count.requests, count.barsRequested, count.barsSent) == (2, 500, 500))
        #expect(count.barsPushed == 0)
        simulation.counts.reset()
        #expect(simulation.counts.all.isEmpty)
    }

    @Test("the counts are returned as JSON, and faults begin and end over HTTP")
    func pages() async throws {
        var client = try CoreClient()
        _ = client.history("NSE:NIFTY", count: 10)
        let simulation = client.connection.simulation
        let pages = SimulatorPages(simulation: simulation, activity: ActivityLog())
        let response = try #require(await pages.response(to: WebRequest(path: "/simulator/counts")))
        let reported = try #require(JSONValue(parsing: response.body))
        #expect(reported["barsSent"] == 10)
        #expect(reported["series"]?.array?.first?["symbol"] == "NSE:NIFTY")
        #expect(reported["series"]?.array?.first?["interval"] == "5m")
        func post(_ query: [String: String]) async -> Int? {
            await pages.response(to: WebRequest(method: "POST", path: "/simulator/faults", query: query))?.status
        }
        #expect(await post(["begin": "nse-403"]) == 200)
        #expect(simulation.ledger.isConfigured(.nse403))
        #expect(await post(["end": "nse-403"]) == 200)
        #expect(!simulation.ledger.isConfigured(.nse403))
        #expect(await post(["begin": "nonsense"]) == 400)
    }
}

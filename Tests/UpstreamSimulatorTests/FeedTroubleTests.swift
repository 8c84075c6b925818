import JSON
import MarketData
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("Feeds that freeze, are dead or need an entitlement")
struct FeedTroubleTests {
    private func moved(_ events: [ServerEvent]) -> Set<String> {
        Set(
            events.compactMap { event in
                switch event {
                case .dataUpdate(let update): update.blocks.first?.id
                case .quoteData(let update): update.name
                default: nil
                }
            })
    }

    private func addSeries(_ symbol: String, _ number: Int, to client: inout CoreClient) {
        let name = "symbol_\(number)"
        client.send(.resolveSymbol(CoreClient.chart, name: name, SymbolSpecification(symbol)))
        client.send(
            .createSeries(
                CoreClient.chart, series: "s\(number)", turnaround: "t1", symbolName: name, Resolution(code: "1"),
                .newest(5), range: ""))
    }

    @Test("one series and one quote freeze while all others continue, and move again once reopened")
    func freeze() throws {
        var client = try CoreClient()
        client.send(.chartCreateSession(CoreClient.chart))
        addSeries("NSE:TCS", 1, to: &client)
        addSeries("NSE:NIFTY", 2, to: &client)
        client.send(.quoteCreateSession(CoreClient.quotes))
        client.send(
            .quoteAddSymbols(CoreClient.quotes, ["NSE:TCS", "NSE:NIFTY"]))
        _ = client.events()
        client.connection.simulation.frozen.freeze("NSE:TCS")
        client.pass(seconds: 30)
        #expect(moved(client.events()) == ["s2", "NSE:NIFTY"])
        addSeries("NSE:TCS", 3, to: &client)
        _ = client.events()
        client.pass(seconds: 30)
        #expect(moved(client.events()).contains("s3"))
        client.connection.simulation.frozen.thaw("NSE:TCS")
        client.pass(seconds: 30)
        #expect(moved(client.events()).isSuperset(of: ["s1", "NSE:TCS"]))
    }

    @Test("the ticker of the fault freezes by itself, after its bars")
    func freezeTicker() throws {
        var client = try CoreClient()
        client.send(.chartCreateSession(CoreClient.chart))
        addSeries("FAULT:FREEZE", 1, to: &client)
        #expect(client.events().bars().count == 5)
        client.pass(seconds: 60)
        #expect(moved(client.events()).isEmpty)
    }

    @Test("a group without the user's entitlement is refused by name, and everything else works")
    func permission() throws {
        var configuration = SimulatorConfiguration { CoreClient.start }
        configuration.deniedExchanges = ["BSE": "bse"]
        var client = try CoreClient(configuration)
        let events = client.history("BSE:SENSEX", count: 5)
        let details = events.compactMap { event -> [String]? in
            if case .symbolError(_, _, "permission denied", let details) = event { details } else { nil }
        }
        #expect(details == [["group", "bse"]])
        client.send(.chartDeleteSession(CoreClient.chart))
        #expect(client.history("NSE:NIFTY", count: 5).bars().count == 5)
        client.send(.quoteCreateSession(CoreClient.quotes))
        client.send(.quoteAddSymbols(CoreClient.quotes, ["BSE:SENSEX"]))
        let denied = try #require(client.events().quotes.first)
        #expect(denied.status == .permissionDenied)
        #expect(denied.fields["alternative"] == "BSE_DLY:SENSEX")
    }

    @Test("a delayed twin responds a quarter of an hour late and says so")
    func twin() throws {
        var client = try CoreClient()
        let events = client.history("BSE_DLY:SENSEX", "1", count: 5)
        #expect(events.completion?.updateMode == .delayedStreaming(seconds: 900))
        #expect(events.bars().last?.time == CoreClient.start.advanced(bySeconds: -900))
    }

    @Test("a dead feed is known and never responds, beside a free one that does")
    func deadFeed() throws {
        var client = try CoreClient()
        let events = client.history("FXCM:USDINR", count: 5)
        #expect(events.bars().isEmpty && events.completion == nil && events.seriesErrors.isEmpty)
        #expect(events.contains { if case .symbolResolved = $0 { true } else { false } })
        client.send(.chartDeleteSession(CoreClient.chart))
        #expect(client.history("OANDA:USDINR", count: 5).bars().count == 5)
    }
}

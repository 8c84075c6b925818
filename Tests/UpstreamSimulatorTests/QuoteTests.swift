import JSON
import MarketData
import MockMarket
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("Quotes of the simulated TradingView")
struct QuoteTests {
    private func subscribed(
        _ names: [String], fields: [String]? = nil, scenario: Scenario = .live
    ) throws -> CoreClient {
        var client = try CoreClient(SimulatorConfiguration(scenario: scenario) { CoreClient.start })
        client.send(.quoteCreateSession(CoreClient.quotes))
        if let fields { client.send(.quoteSetFields(CoreClient.quotes, fields)) }
        client.send(.quoteAddSymbols(CoreClient.quotes, names))
        return client
    }

    @Test("a name gets its snapshot in two packets, then quote_completed")
    func snapshot() throws {
        var client = try subscribed(["NSE:NIFTY"])
        let events = client.events()
        #expect(events.quotes.count == 2)
        #expect(events.quotes.first?.fields.keys.sorted() == ["lp_time"])
        #expect(events.last == .quoteCompleted(CoreClient.quotes, name: "NSE:NIFTY"))
        let market = MockMarket(seed: 1) { CoreClient.start }
        let expected = try market.quote(of: Symbol(exchange: "NSE", ticker: "NIFTY"), at: CoreClient.start)
        #expect(events.quotes.last?.fields["lp"]?.double == expected.last)
        #expect(events.quotes.last?.fields["original_name"] == "NSE:NIFTY")
    }

    @Test("quotes and the forming bar show one price")
    func agreesWithBars() throws {
        var client = try subscribed(["NSE:NIFTY"])
        let price = client.events().quotes.last?.fields["lp"]?.double
        #expect(client.history("NSE:NIFTY", count: 1).bars().last?.close == price)
    }

    @Test("afterwards only changed fields come, four times a second")
    func changes() throws {
        var client = try subscribed(["NSE:NIFTY"])
        _ = client.events()
        client.pass(seconds: 5)
        let updates = client.events().quotes
        #expect((10...20).contains(updates.count))
        #expect(updates.allSatisfy { $0.fields["short_name"] == nil && !$0.fields.isEmpty })
    }

    @Test("only the chosen fields come, also where a client nests their list")
    func fields() throws {
        var client = try CoreClient()
        client.send(.quoteCreateSession(CoreClient.quotes))
        client.send("quote_set_fields", [.string(CoreClient.quotes.rawValue), ["lp", "volume"]])
        client.send(.quoteAddSymbols(CoreClient.quotes, ["NSE:NIFTY"]))
        #expect(client.events().quotes.flatMap { $0.fields.keys }.sorted() == ["lp", "volume"])
    }

    @Test("an unknown symbol gets an error with no fields, and quote_completed")
    func unknownSymbol() throws {
        var client = try subscribed(["NSE:NOSUCH"])
        let events = client.events()
        #expect(events.quotes.first?.status == .error)
        #expect(events.quotes.first?.errorMessage == "no_such_symbol")
        #expect(events.last == .quoteCompleted(CoreClient.quotes, name: "NSE:NOSUCH"))
    }

    @Test("a name in JSON comes back as it was sent, beside the plain one")
    func names() throws {
        let name = #"={"session":"extended","symbol":"NSE:BANKNIFTY"}"#
        var client = try subscribed([name, "NSE:BANKNIFTY"])
        #expect(Set(client.events().quotes.map(\.name)) == [name, "NSE:BANKNIFTY"])
    }

    @Test("options beside the symbols end the quote session and leave the chart alone")
    func options() throws {
        var client = try CoreClient()
        client.send(.quoteCreateSession(CoreClient.quotes))
        let session = JSONValue.string(CoreClient.quotes.rawValue)
        client.send("quote_add_symbols", [session, "NSE:NIFTY", ["flags": ["force_permission"]]])
        #expect(client.events().criticalErrors == ["invalid_parameters"])
        client.send(.quoteAddSymbols(CoreClient.quotes, ["NSE:NIFTY"]))
        #expect(client.events().isEmpty)
        #expect(client.history("NSE:NIFTY", count: 3).bars().count == 3)
    }

    @Test("hibernating names come every five seconds, fast ones at full rate, and removed ones never")
    func rates() throws {
        var client = try subscribed(["NSE:NIFTY", "NSE:BANKNIFTY", "NSE:TCS"])
        client.send(.quoteFastSymbols(CoreClient.quotes, ["NSE:NIFTY"]))
        client.send(.quoteRemoveSymbols(CoreClient.quotes, ["NSE:TCS"]))
        _ = client.events()
        client.pass(seconds: 10)
        let names = client.events().quotes.map(\.name)
        #expect(names.filter { $0 == "NSE:NIFTY" }.count > 20)
        #expect(names.filter { $0 == "NSE:BANKNIFTY" }.count == 2)
        #expect(!names.contains("NSE:TCS"))
    }

    @Test("values unknown upstream come as null and 1e+100")
    func unknownFields() throws {
        var client = try subscribed(["NSE:NIFTY"], scenario: .unknownFields)
        let fields = client.events().quotes.last?.fields
        #expect(fields?["rtc"] == .null)
        #expect(fields?["volume"]?.double == 1e100)
    }

    @Test("a delayed scenario says so and shows the price of fifteen minutes ago")
    func delayed() throws {
        var client = try subscribed(["NSE:NIFTY"], scenario: .delayed)
        let fields = client.events().quotes.reduce(into: [String: JSONValue]()) { $0.merge($1.fields) { $1 } }
        #expect(fields["update_mode"] == "delayed_streaming_900")
        #expect(fields["lp_time"]?.integer == Int(CoreClient.start.seconds) - 900)
        #expect(client.history("NSE:NIFTY", count: 1).completion?.updateMode == .delayedStreaming(seconds: 900))
    }

    @Test("serves 300 quotes and 50 series at once")
    func load() throws {
        var client = try subscribed((1...300).map { "NSE:MOCK" + String(1000 + $0).dropFirst() })
        client.send(.chartCreateSession(CoreClient.chart))
        for number in 1...50 {
            let name = "symbol_\(number)"
            client.send(.resolveSymbol(CoreClient.chart, name: name, SymbolSpecification("NSE:NIFTY")))
            client.send(
                .createSeries(
                    CoreClient.chart, series: "s\(number)", turnaround: "t", symbolName: name, Resolution(code: "1D"),
                    .newest(10))
            )
        }
        #expect(client.events().quotes.count == 600)
        client.pass(seconds: 5)
        #expect(client.events().quotes.count > 3_000)
    }
}

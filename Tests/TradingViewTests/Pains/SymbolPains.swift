import MarketData
import MockMarket
import TestSupport
import Testing
import TradingView
import TradingViewProtocol
import UpstreamSimulator

@Suite("Pains about symbols and intervals", .serialized, .timeLimit(.minutes(1)))
struct SymbolPains {
    /// A cause and its error code.
    static let causes: [(Symbol, MarketDataError.Code)] = [
        (.nowhere, .symbolNotFound),
        (.of(.symbolError), .symbolNotFound),
        (.of(.emptySeries), .neverTraded),
        (.of(.seriesError), .upstreamUnavailable),
        (.of(.silence), .upstreamTimeout),
    ]

    @Test("pain 2: each cause of 'no data' has its own code and names the symbol", arguments: causes)
    func codes(symbol: Symbol, code: MarketDataError.Code) async throws {
        let patience = Duration.milliseconds(code == .upstreamTimeout ? 400 : 10_000)
        try await Simulated.withClient(of: Simulated.stillUpstream, { $0.deadlines.progress = patience }) { client in
            let error = await marketError { try await client.bars(.newest(10, of: symbol)) }
            #expect(error?.code == code)
            #expect(error?.message.contains("\(symbol)") == true)
        }
    }

    @Test("pain 2: an unknown symbol is an error with similar symbols")
    func suggestions() async throws {
        let wrongExchange = Symbol(exchange: "BSE", ticker: "BANKNIFTY")
        let patient: (inout TradingViewConfiguration) -> Void = { $0.deadlines.suggestions = .seconds(5) }
        let error = try await Simulated.withClient(of: Simulated.stillUpstream, patient) { client in
            await marketError { try await client.bars(.newest(10, of: wrongExchange)) }
        }
        #expect(error?.code == .symbolNotFound)
        #expect(error?.suggestions.contains("NSE:BANKNIFTY") == true)
    }

    @Test("pain 3: the present search is used, with the headers without which it returns 403")
    func search() async throws {
        try await Simulated.withBoth { client, simulator in
            let found = try await client.search(SymbolQuery(text: "banknifty", limit: 10))
            #expect(found.contains { $0.symbol == .bankNifty })
            #expect(found.allSatisfy { !"\($0.symbol) \($0.description ?? "")".contains("<em>") })
            #expect(simulator.activity.requests["/symbol_search/v3/"] == 1)
        }
    }

    @Test("pain 3: a page in place of the search's response is reported as such")
    func searchPage() async throws {
        var upstream = Simulated.stillUpstream
        upstream.faults = [.htmlInstead]
        let error = try await Simulated.withClient(of: upstream) { client in
            await marketError { try await client.search(SymbolQuery(text: "nifty", limit: 10)) }
        }
        #expect(error?.code == .upstreamUnreadable || error?.code == .upstreamUnavailable)
    }

    @Test("pain 3: where the search is refused, the scanner is searched instead")
    func scanner() async throws {
        var upstream = Simulated.stillUpstream
        upstream.faults = [.htmlInstead]
        upstream.faultLimit = 1
        try await Simulated.withBoth(of: upstream) { client, simulator in
            let found = try await client.search(SymbolQuery(text: "banknifty", limit: 10))
            #expect(found.first?.symbol == .bankNifty)
            #expect(simulator.activity.requests["/symbol_search/v3/"] == 1)
            #expect(simulator.activity.requests["/global/scan", default: 0] > 0)
        }
    }

    @Test("pain 3: a recent result is not requested again")
    func searchOnce() async throws {
        try await Simulated.withBoth { client, simulator in
            let first = try await client.search(SymbolQuery(text: "reliance", limit: 10))
            let second = try await client.search(SymbolQuery(text: "reliance", limit: 10))
            #expect(first.map(\.symbol) == second.map(\.symbol))
            #expect(!first.isEmpty)
            #expect(simulator.activity.requests["/symbol_search/v3/"] == 1)
        }
    }

    @Test("pain 22: a feed that never responds is an error at the deadline that names the stage")
    func deadFeed() async throws {
        try await Simulated.withClient(of: Simulated.stillUpstream, { $0.deadlines.progress = .milliseconds(700) }) {
            let (client, start) = ($0, ContinuousClock.now)
            let error = await marketError { try await client.bars(.newest(10, of: .of(.silence))) }
            #expect(error?.code == .upstreamTimeout)
            #expect(error?.message.contains("loading the bars") == true)
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test("pain 22: a feed without the account's entitlement is refused as such, with the name of the group")
    func deniedFeed() async throws {
        let response: @Sendable (ReceivedCall) -> [String] = { call in
            guard call.name == "resolve_symbol", let session = call.text(at: 0), let name = call.text(at: 1) else {
                return []
            }
            return [#"{"m":"symbol_error","p":["\#(session)","\#(name)","permission denied","group","fx_cm"]}"#]
        }
        try await ScriptedUpstream.withClient(responding: response) { client, _ in
            let symbol = Symbol(exchange: "FXCM", ticker: "EURUSD")
            let error = await marketError { try await client.bars(.newest(10, of: symbol)) }
            #expect(error?.code == .notEntitled)
            #expect(error?.message.contains("fx_cm") == true)
        }
    }

    @Test("pain 24: invalid text, an unsupported interval and one that needs a plan are three different errors")
    func intervals() async throws {
        #expect(throws: MarketDataError.self) { try Interval("five") }
        let upstream = SimulatorConfiguration(scenario: .freePlan) { Simulated.moment }
        let odd = try Interval("30s")
        try await Simulated.withClient(of: upstream) { client in
            let error = await marketError { try await client.bars(.newest(5, of: .nifty, odd)) }
            #expect(error?.code == .notEntitled)
            #expect(error?.message.contains("Premium") == true)
        }
        do {
            _ = try Interval("5x")
        } catch {
            #expect(error.code == .unknownInterval)
        }
    }

    @Test("pain 24: the requested interval is the one that comes", arguments: ["1m", "45m", "4h", "1w", "1M"])
    func spacing(text: String) async throws {
        let interval = try Interval(text)
        let request = BarRequest.newest(30, of: .nifty, interval)
        let truth = try Simulated.market(Simulated.stillUpstream).bars(request, at: Simulated.moment).bars
        let bars = try await Simulated.withClient { try await $0.bars(request).bars }
        #expect(bars == truth)
        #expect(bars.count == 30)
    }

    @Test("pain 25: an invalid symbol is refused at once, however long the deadline")
    func atOnce() async throws {
        try await Simulated.withClient { client in
            let start = ContinuousClock.now
            let error = await marketError { try await client.bars(.newest(10, of: .nowhere)) }
            #expect(error?.code == .symbolNotFound)
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test("pain 25: bars of another symbol than requested are rejected")
    func anotherSymbol() async throws {
        let names = #""name":"BANKNIFTY","full_name":"NSE:BANKNIFTY","pro_name":"NSE:BANKNIFTY""#
        let response: @Sendable (ReceivedCall) -> [String] = { Script.series($0, names: names, times: [300, 600]) }
        try await ScriptedUpstream.withClient(responding: response) { client, _ in
            let error = await marketError { try await client.bars(.newest(2)) }
            #expect(error?.code == .upstreamUnreadable)
            #expect(error?.message.contains("NSE:BANKNIFTY") == true)
            let count = try await client.bars(.newest(2, of: .bankNifty)).bars.count
            #expect(count == 2)
        }
    }

    @Test("pain 25: a response that belongs to another request is not used for this one")
    func anotherRequest() async throws {
        let names = #""name":"NIFTY","full_name":"NSE:NIFTY","pro_name":"NSE:NIFTY""#
        let response: @Sendable (ReceivedCall) -> [String] = { call in
            let right = Script.series(call, names: names, times: [300, 600])
            guard call.name == "create_series", let session = call.text(at: 0) else { return right }
            // An older turnaround of the same series, and another session.
            let stale = right[0].replacing(#""t":"s1""#, with: #""t":"s0""#).replacing("11.0", with: "77.0")
            let foreign = right[0].replacing(session, with: "cs_abcdefghijkl").replacing("11.0", with: "88.0")
            return [stale, foreign] + right + [stale]
        }
        try await ScriptedUpstream.withClient(responding: response) { client, _ in
            let bars = try await client.bars(.newest(2)).bars
            #expect(bars.map(\.close) == [11, 11])
        }
    }
}

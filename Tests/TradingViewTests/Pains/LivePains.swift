import MarketData
import MockMarket
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@Suite("Pains about live feeds", .serialized, .timeLimit(.minutes(1)))
struct LivePains {
    @Test("pain 16: names are sent plain, without the options that have been refused since 2024")
    func plainNames() async throws {
        // The simulator ends a quote session that is sent options, as upstream does.
        try await Simulated.withBoth { client, simulator in
            for try await event in try await client.liveQuotes(of: [.nifty]) {
                guard case .quote(let quote) = event else { continue }
                #expect(quote.last != nil)
                break
            }
            #expect(simulator.activity.calls["quote_create_session"] == 1)
            #expect(simulator.activity.calls["quote_add_symbols"] == 1)
        }
    }

    @Test("pain 16: a session that ends takes neither the connection nor another session with it")
    func oneSessionDies() async throws {
        try await Simulated.withBoth(of: Simulated.hurriedUpstream(20)) { client, simulator in
            var (quotes, isRequested) = (0, false)
            for try await event in try await client.liveQuotes(of: [.nifty]) {
                if case .status(let status) = event { Issue.record("the connection went: \(status)") }
                if case .quote = event { quotes += 1 }
                if !isRequested {
                    isRequested = true
                    let error = await marketError { try await client.bars(.newest(5, of: .of(.criticalError))) }
                    #expect(error?.code == .upstreamUnavailable)
                }
                if quotes == 10 { break }
            }
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test("pain 16: quotes of a session that ended are requested in a new one")
    func quotesAreRebuilt() async throws {
        var upstream = Simulated.hurriedUpstream(20)
        upstream.faults = [.criticalError]
        upstream.faultLimit = 1
        try await Simulated.withBoth(of: upstream) { client, simulator in
            for try await event in try await client.liveQuotes(of: [.nifty]) {
                guard case .quote(let quote) = event else { continue }
                #expect(quote.symbol == .nifty)
                break
            }
            #expect(simulator.activity.calls["quote_create_session"] == 2)
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test("pain 16: a name that ends its session is refused, and the names beside it continue")
    func poisonousName() async throws {
        let poison = Symbol.of(.criticalError)
        let sensex = Symbol(exchange: "BSE", ticker: "SENSEX")
        try await Simulated.withBoth(of: Simulated.hurriedUpstream(20)) { client, simulator in
            let feed = try await client.liveQuotes(of: [sensex, poison, .nifty])
            let (quotes, refused) = try await within(.seconds(5)) {
                var (quotes, refused): ([Symbol: Int], Set<Symbol>) = ([:], [])
                for try await event in feed {
                    if case .quote(let quote) = event { quotes[quote.symbol, default: 0] += 1 }
                    if case .refused(let symbol, _) = event { refused.insert(symbol) }
                    if refused.contains(poison), quotes[.nifty, default: 0] > 5 { break }
                }
                return (quotes, refused)
            }
            #expect(refused == [poison])
            #expect(quotes[sensex, default: 0] > 0)
            #expect(simulator.activity.calls["quote_create_session", default: 0] < 20)
        }
    }

    @Test("pain 20: a live bar is final once the next one opens, and never changes after")
    func finality() async throws {
        let request = BarRequest.newest(5, of: .nifty, .oneSecond)
        let upstream = Simulated.hurriedUpstream(10, scenario: .paidPlan)
        try await Simulated.withClient(of: upstream) { client in
            var finals: [Timestamp: Bar] = [:]
            for try await event in try await client.liveBars(request) {
                switch event {
                case .snapshot(let series):
                    #expect(series.bars.last?.isFinal == false)
                case .bar(let bar):
                    #expect(finals[bar.time] == nil || finals[bar.time] == bar)
                    if bar.isFinal { finals[bar.time] = bar }
                default: break
                }
                if finals.count == 8 { break }
            }
            let times = finals.keys.sorted()
            let (first, last) = (try #require(times.first), try #require(times.last))
            let truth = try Simulated.market(upstream).bars(
                of: .nifty, interval: .oneSecond,
                within: TimeRange(from: first, to: last.advanced(bySeconds: 1)), at: upstream.clock())
            #expect(truth.map(\.time) == times)
            #expect(truth.map(\.close) == times.map { finals[$0]?.close })
        }
    }

    @Test("pain 21: releasing a feed ends its subscription upstream, and it can be opened again")
    func lettingGo() async throws {
        try await Simulated.withBoth(of: Simulated.hurriedUpstream(20)) { client, simulator in
            for round in 1...3 {
                for try await event in try await client.liveQuotes(of: [.nifty, .nowhere]) {
                    if case .quote = event { break }
                }
                for try await event in try await client.liveBars(.newest(5)) {
                    if case .snapshot = event { break }
                }
                try await waitUntil {
                    simulator.activity.calls["quote_delete_session"] == round
                        && simulator.activity.calls["chart_delete_session"] == round
                }
            }
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test("pain 21: a slow reader delays no other, and gets the newest values when it reads")
    func slowReader() async throws {
        try await Simulated.withClient(of: Simulated.hurriedUpstream(20)) { client in
            let asleep = try await client.liveQuotes(of: [.nifty])
            var last: Quote?
            var seen = 0
            for try await event in try await client.liveQuotes(of: [.nifty]) {
                guard case .quote(let quote) = event else { continue }
                (last, seen) = (quote, seen + 1)
                if seen == 50 { break }
            }
            let waited = last?.lastTime
            for try await event in asleep {
                guard case .quote(let quote) = event else { continue }
                #expect(quote.lastTime.flatMap { time in waited.map { time >= $0 } } == true)
                break
            }
            #expect(asleep.conflated >= 40)
        }
    }

    @Test("pain 22: a quote that never comes is refused at the deadline, naming the symbol")
    func deadQuote() async throws {
        let dead = Symbol.of(.stallWithHeartbeats)
        try await Simulated.withClient(of: Simulated.hurriedUpstream(1), { $0.deadlines.progress = .milliseconds(200) })
        {
            for try await event in try await $0.liveQuotes(of: [dead]) {
                guard case .refused(let symbol, let error) = event else { continue }
                #expect(symbol == dead)
                #expect(error.code == .upstreamTimeout)
                #expect(error.message.contains("\(dead)"))
                break
            }
        }
    }

    @Test("pain 21: an unknown symbol among many is refused alone")
    func unlisted() async throws {
        try await Simulated.withClient(of: Simulated.hurriedUpstream(20)) { client in
            var refused: [Symbol: MarketDataError.Code] = [:]
            var quoted: Set<Symbol> = []
            for try await event in try await client.liveQuotes(of: [.nowhere, .nifty, .bankNifty]) {
                if case .refused(let symbol, let error) = event { refused[symbol] = error.code }
                if case .quote(let quote) = event { quoted.insert(quote.symbol) }
                if !refused.isEmpty, quoted.count == 2 { break }
            }
            #expect(refused == [.nowhere: .symbolNotFound])
        }
    }
}

import Logging
import MarketData
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@Suite("Live feeds over a socket", .timeLimit(.minutes(1)))
struct LiveOverSocketTests {
    private let nowhere = Symbol(exchange: "NSE", ticker: "NOSUCHTHING")

    @Test("quotes begin with the current values and go on, and an unknown symbol is refused alone")
    func quotes() async throws {
        try await Simulated.withClient(of: SimulatorConfiguration()) { client in
            var reported: [Symbol: Int] = [:]
            var refused: [Symbol: MarketDataError.Code] = [:]
            for try await event in try await client.liveQuotes(of: [.nifty, nowhere, .bankNifty]) {
                switch event {
                case .quote(let quote):
                    #expect(quote.last != nil && quote.provenance.mode == .streaming)
                    #expect(quote.provenance.feed == quote.symbol.description)
                    reported[quote.symbol, default: 0] += 1
                case .refused(let symbol, let error): refused[symbol] = error.code
                case .status: break
                }
                if reported[.nifty, default: 0] >= 5, reported[.bankNifty, default: 0] >= 5, !refused.isEmpty { break }
            }
            #expect(refused == [nowhere: .symbolNotFound])
        }
    }

    @Test(
        "TradingView's names of Indian indices are not visible outside",
        arguments: ["FINNIFTY", "MIDCPNIFTY", "NIFTYNXT50"])
    func aliases(ticker: String) async throws {
        let index = Symbol(exchange: "NSE", ticker: ticker)
        try await Simulated.withClient(of: SimulatorConfiguration()) { client in
            let series = try await client.bars(BarRequest(symbol: index, interval: .oneMinute, span: .count(3)))
            #expect(series.bars.count == 3 && series.instrument?.symbol == index)
            for try await event in try await client.liveQuotes(of: [index]) {
                guard case .quote(let quote) = event else {
                    Issue.record("\(event)")
                    break
                }
                #expect(quote.symbol == index)
                break
            }
        }
    }

    @Test("350 symbols of quotes are spread over sessions, and each one gets data")
    func manySymbols() async throws {
        let symbols = (0..<350).map { Symbol(exchange: "NSE", ticker: "UNKNOWN\($0)") }
        try await Simulated.withClient(of: SimulatorConfiguration()) { client in
            var responded: Set<Symbol> = []
            for try await event in try await client.liveQuotes(of: symbols + [.nifty]) {
                switch event {
                case .quote(let quote): responded.insert(quote.symbol)
                case .refused(let symbol, _): responded.insert(symbol)
                case .status: break
                }
                if responded.count == symbols.count + 1 { break }
            }
        }
    }

    @Test("live bars begin with a snapshot; a bar is final once the next one opens, and none is missed or doubled")
    func bars() async throws {
        let request = BarRequest(symbol: .nifty, interval: .oneSecond, span: .count(10))
        try await Simulated.withClient(of: SimulatorConfiguration(scenario: .paidPlan)) { client in
            var finals: [Timestamp] = []
            for try await event in try await client.liveBars(request) {
                switch event {
                case .snapshot(let series): finals = series.bars.filter(\.isFinal).map(\.time)
                case .bar(let bar) where bar.isFinal: finals.append(bar.time)
                default: break
                }
                if finals.count >= 14 { break }
            }
            #expect(zip(finals, finals.dropFirst()).allSatisfy { $1.seconds - $0.seconds == 1 })
        }
    }

    @Test("live bars of an unknown symbol are an error at once")
    func unknownBars() async throws {
        let request = BarRequest(symbol: nowhere, interval: .oneMinute, span: .count(10))
        try await Simulated.withClient { client in
            let error = await marketError { try await client.liveBars(request) }
            #expect(error?.code == .symbolNotFound)
        }
    }

    @Test("feeds survive the server's restart: they report it, and the gap in the bars is repaired")
    func reconnects() async throws {
        let request = BarRequest(symbol: .nifty, interval: .oneSecond, span: .count(10))
        let first = try UpstreamSimulator(configuration: SimulatorConfiguration(scenario: .paidPlan), logger: .quiet)
        let running = Task { try await first.run() }
        var again = SimulatorConfiguration(scenario: .paidPlan)
        again.port = try await first.listeningPort()
        let client = TradingViewClient(configuration: Simulated.client(ofPort: again.port), logger: .quiet)
        try await Simulated.withRunning(client) { client in
            var finals: [Timestamp] = []
            var states: [SourceStatus.State] = []
            var gaps: [TimeRange] = []
            var second: Task<Void, any Error>?
            let configuration = again
            defer { second?.cancel() }
            for try await event in try await client.liveBars(request) {
                switch event {
                case .snapshot(let series):
                    finals = series.bars.filter(\.isFinal).map(\.time)
                    running.cancel()
                    _ = await running.result
                case .bar(let bar) where bar.isFinal: finals.append(bar.time)
                case .bar: break
                case .gap(let range): gaps.append(range)
                case .repaired(_, let bars): finals += bars.map(\.time)
                case .status(let status):
                    states.append(status.state)
                    guard status.state == .reconnecting, second == nil else { continue }
                    second = Task {
                        // Long enough for whole bars to be missed; a server that is back immediately would leave no
                        // gap.
                        try await Task.sleep(for: .seconds(2))
                        try await UpstreamSimulator(configuration: configuration, logger: .quiet).run()
                    }
                }
                if !gaps.isEmpty, finals.count >= 14 { break }
            }
            #expect(states.contains(.reconnecting) && states.last == .connected)
            #expect(gaps.count == 1)
            #expect(zip(finals, finals.dropFirst()).allSatisfy { $1.seconds - $0.seconds == 1 }, "\(finals)")
            #expect(await client.status().reconnects >= 1)
        }
    }

    @Test("a request under way when the server dies fails at once")
    func killed() async throws {
        var configuration = SimulatorConfiguration()
        configuration.faults = [.silence]
        let simulator = try UpstreamSimulator(configuration: configuration, logger: .quiet)
        let running = Task { try await simulator.run() }
        let address = Simulated.client(ofPort: try await simulator.listeningPort())
        let request = BarRequest(symbol: .nifty, interval: .oneMinute, span: .count(10))
        try await Simulated.withRunning(TradingViewClient(configuration: address, logger: .quiet)) { client in
            async let error = marketError { try await client.bars(request) }
            try await waitUntil { await client.status().state == .connected }
            try await waitUntil { simulator.activity.connectionsOpen == 1 }
            let start = ContinuousClock.now
            running.cancel()
            #expect(await error?.code == .upstreamUnavailable)
            #expect(ContinuousClock.now - start < Simulated.atOnce)
        }
    }
}

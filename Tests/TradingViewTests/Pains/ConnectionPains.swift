import MarketData
import MockMarket
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@Suite("Pains about the connection", .serialized, .timeLimit(.minutes(1)))
struct ConnectionPains {
    @Test("pain 10: a connection outlives its minute, because every heartbeat is echoed")
    func heartbeats() async throws {
        // More than a minute passes in little more than one of our seconds.
        var upstream = Simulated.hurriedUpstream(60)
        upstream.heartbeatSeconds = 6
        try await Simulated.withBoth(of: upstream) { client, simulator in
            _ = try await client.bars(.newest(5))
            try await waitUntil { simulator.activity.heartbeatsEchoed >= 12 }
            #expect(simulator.activity.connectionsOpen == 1)
            #expect(simulator.activity.connectionsMade == 1)
            #expect(simulator.activity.unreadablePackets == 0)
        }
    }

    @Test("pain 10: a heartbeat before the bars is echoed, and the bars are kept")
    func gluedHeartbeat() async throws {
        let request = BarRequest.newest(50, of: .of(.gluedHeartbeat))
        let truth = try Simulated.market(Simulated.stillUpstream).bars(.newest(50), at: Simulated.moment).bars
        try await Simulated.withBoth { client, simulator in
            let bars = try await client.bars(request).bars
            #expect(bars == truth)
            try await waitUntil { simulator.activity.heartbeatsEchoed == 1 }
        }
    }

    @Test("pain 11: after a broken connection quotes continue, and the feed reports the break")
    func quotesGoOn() async throws {
        try await Simulated.withBoth(of: Simulated.hurriedUpstream(20)) { client, simulator in
            var (before, after) = (0, 0)
            var states: [SourceStatus.State] = []
            for try await event in try await client.liveQuotes(of: [.nifty, .bankNifty]) {
                switch event {
                case .status(let status): states.append(status.state)
                case .quote where states.contains(.reconnecting): after += 1
                case .quote: before += 1
                case .refused(let symbol, let error): Issue.record("\(symbol): \(error)")
                }
                if before == 5, states.isEmpty {
                    before += 1
                    await simulator.cutConnections()
                }
                if after == 10 { break }
            }
            #expect(states.contains(.reconnecting) && states.last == .connected)
            #expect(simulator.activity.connectionsMade == 2)
        }
    }

    @Test("pain 11: after a broken connection no live bar is missing: the gap is reported and filled")
    func barsAreRepaired() async throws {
        let request = BarRequest.newest(5, of: .nifty, .oneSecond)
        try await Simulated.withBoth(of: Simulated.hurriedUpstream(20, scenario: .paidPlan)) { client, simulator in
            var finals: [Timestamp] = []
            var repairs = 0
            for try await event in try await client.liveBars(request) {
                switch event {
                case .snapshot(let series):
                    finals = series.bars.filter(\.isFinal).map(\.time)
                    // Bars are missed for certain: the first attempt to connect again fails.
                    simulator.begin(.htmlInstead)
                    await simulator.cutConnections()
                    try await waitUntil("an attempt fails") { await client.status().reason?.contains("status") == true }
                    simulator.end(.htmlInstead)
                case .bar(let bar) where bar.isFinal: finals.append(bar.time)
                case .repaired(_, let bars):
                    repairs += 1
                    finals += bars.map(\.time)
                default: break
                }
                if finals.count >= 20 { break }
            }
            #expect(repairs == 1)
            #expect(zip(finals, finals.dropFirst()).allSatisfy { $1.seconds - $0.seconds == 1 }, "\(finals)")
            #expect(simulator.activity.connectionsMade == 2)
        }
    }

    @Test("pain 12: a request that gets nothing but heartbeats ends at its deadline")
    func stalledRequest() async throws {
        var upstream = Simulated.hurriedUpstream(20)
        upstream.heartbeatSeconds = 2
        try await Simulated.withBoth(of: upstream, { $0.deadlines.progress = .milliseconds(600) }) {
            client, simulator in
            let start = ContinuousClock.now
            let error = await marketError { try await client.bars(.newest(5, of: .of(.stallWithHeartbeats))) }
            #expect(error?.code == .upstreamTimeout)
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(simulator.activity.heartbeatsEchoed >= 2)
        }
    }

    @Test("pain 12: live feeds that freeze behind heartbeats are moved to a new connection")
    func frozenFeed() async throws {
        let deadlines: (inout TradingViewConfiguration) -> Void = {
            $0.deadlines.progress = .milliseconds(400)
            $0.deadlines.stall = .milliseconds(200)
        }
        var upstream = Simulated.hurriedUpstream(20)
        upstream.heartbeatSeconds = 2
        try await Simulated.withBoth(of: upstream, deadlines) { client, simulator in
            let feed = try await client.liveQuotes(of: [.nifty])
            // From this request on, the simulator sends nothing but heartbeats on the connection.
            _ = await marketError { try await client.bars(.newest(5, of: .of(.stallWithHeartbeats))) }
            let states = try await within(.seconds(5)) {
                var states: [SourceStatus.State] = []
                for try await event in feed {
                    if case .status(let status) = event { states.append(status.state) }
                    if case .quote = event, states.last == .connected { break }
                }
                return states
            }
            #expect(states.contains(.reconnecting))
            #expect(simulator.activity.connectionsMade >= 2)
            #expect(simulator.activity.heartbeatsEchoed >= 1)
        }
    }

    @Test("pain 12: a closed market is not mistaken for a freeze")
    func quietFeed() async throws {
        try await Simulated.withBoth(of: Simulated.stillUpstream, { $0.deadlines.stall = .milliseconds(50) }) {
            client, simulator in
            let feed = try await client.liveQuotes(of: [.nifty])
            try await waitUntil { simulator.activity.calls["create_series", default: 0] >= 2 }
            #expect(simulator.activity.connectionsMade == 1)
            for try await event in feed {
                if case .quote = event { break }
                Issue.record("\(event)")
            }
        }
    }

    @Test("pain 13: many consumers share one connection")
    func oneConnection() async throws {
        try await Simulated.withBoth { client, simulator in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask { _ = try await client.bars(.newest(3, of: .mock(number + 1))) }
                    group.addTask {
                        for try await event in try await client.liveQuotes(of: [.nifty, .mock(number + 1)]) {
                            if case .quote = event { break }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test("pain 13: 429 at the connect is reported with the time to wait, and no connection is tried before")
    func tooManyRequests() async throws {
        var upstream = Simulated.stillUpstream
        upstream.faults = [.upgrade429]
        try await Simulated.withBoth(of: upstream) { client, simulator in
            for _ in 0..<3 {
                let error = await marketError { try await client.bars(.newest(5)) }
                #expect(error?.code == .throttled)
                #expect(error?.isRetryable == true)
                guard case .retry(let seconds) = error?.recovery else {
                    Issue.record("no wait is reported: \(String(describing: error?.recovery))")
                    continue
                }
                #expect((1...60).contains(seconds))
            }
            #expect(simulator.activity.requests["/socket.io/websocket"] == 1)
            #expect(await client.status().state == .down)
            #expect(await client.status().reason?.contains("429") == true)
        }
    }

    @Test("pain 14: the connection is replaced before its sessions are used up, and a live feed continues")
    func sessionBudget() async throws {
        var upstream = Simulated.hurriedUpstream(20)
        upstream.sessionsPerConnection = 6
        try await Simulated.withBoth(of: upstream, { $0.sessionsPerConnection = 6 }) { client, simulator in
            let feed = try await client.liveQuotes(of: [.nifty])
            for _ in 0..<13 {
                let count = try await client.bars(.newest(3)).bars.count
                #expect(count == 3)
            }
            #expect(simulator.activity.connectionsMade >= 3)
            let seen = try await within(.seconds(5)) {
                var seen = 0
                for try await event in feed {
                    if case .quote = event { seen += 1 }
                    if seen == 5 { break }
                }
                return seen
            }
            #expect(seen == 5)
        }
    }

    @Test("pain 14: where live series fill the connection, one more is refused as such and the others continue")
    func crowded() async throws {
        try await Simulated.withClient(of: Simulated.hurriedUpstream(20), { $0.sessionsPerConnection = 3 }) { client in
            var feeds: [Feed<BarEvent>] = []
            for number in 1...3 { feeds.append(try await client.liveBars(.newest(3, of: .mock(number)))) }
            let error = await marketError { try await client.liveBars(.newest(3, of: .mock(4))) }
            #expect(error?.code == .overloaded)
            for feed in feeds {
                var kinds: Set<String> = []
                for try await event in feed {
                    if case .snapshot = event { kinds.insert("snapshot") }
                    if case .bar = event { kinds.insert("bar") }
                    if kinds.count == 2 { break }
                }
            }
        }
    }

    @Test("pain 15: sixty concurrent symbols on one connection each have their own outcome")
    func manySymbols() async throws {
        try await Simulated.withBoth { client, simulator in
            let symbols = (1...58).map(Symbol.mock) + [.nowhere, .of(.emptySeries)]
            let outcomes = await withTaskGroup(of: (Symbol, MarketDataError.Code?).self) { group in
                for symbol in symbols {
                    group.addTask {
                        (symbol, await marketError { try await client.bars(.newest(3, of: symbol)) }?.code)
                    }
                }
                return await group.reduce(into: [Symbol: MarketDataError.Code?]()) { $0[$1.0] = .some($1.1) }
            }
            #expect(outcomes.count == 60)
            #expect(outcomes.filter { $0.value != nil }.count == 2)
            #expect(outcomes[.nowhere] == .symbolNotFound)
            #expect(outcomes[.of(.emptySeries)] == .neverTraded)
            #expect(simulator.activity.connectionsMade == 1)
        }
    }
}

extension Symbol {
    /// One of the simulator's three hundred shares.
    static func mock(_ number: Int) -> Symbol {
        Symbol(exchange: "NSE", ticker: "MOCK" + String(1000 + number).dropFirst())
    }
}

import MarketData
import MockMarket
import Synchronization
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@Suite("Pains about single feeds that freeze", .serialized, .timeLimit(.minutes(1)))
struct FreezePains {
    private static let patient: @Sendable (inout TradingViewConfiguration) -> Void = {
        $0.deadlines.progress = .seconds(5)
        $0.deadlines.stall = .milliseconds(300)
    }

    /// The events of live bars until a number of final ones has come.
    private static func finals(_ count: Int, of feed: Feed<BarEvent>) async throws -> (bars: [Bar], repairs: Int) {
        var (bars, repairs): ([Bar], Int) = ([], 0)
        for try await event in feed {
            switch event {
            case .bar(let bar) where bar.isFinal: bars.append(bar)
            case .repaired(_, let missed):
                repairs += 1
                bars += missed
            default: break
            }
            if bars.count >= count { break }
        }
        return (bars, repairs)
    }

    @Test("pain 12: one live series that freezes while others continue is opened again alone, and misses no bar")
    func oneSeries() async throws {
        let upstream = Simulated.hurriedUpstream(10, scenario: .paidPlan)
        try await Simulated.withBoth(of: upstream, FreezePains.patient) { client, simulator in
            let frozen = try await client.liveBars(.newest(5, of: .nifty, .oneSecond))
            let lively = try await client.liveBars(.newest(5, of: .bankNifty, .oneSecond))
            async let others = within(.seconds(20)) { try await FreezePains.finals(60, of: lively) }
            let reported = try await within(.seconds(20)) {
                var (bars, gaps): ([Bar], Int) = ([], 0)
                var isFrozen = false
                for try await event in frozen {
                    switch event {
                    case .bar(let bar) where bar.isFinal: bars.append(bar)
                    case .repaired(_, let missed):
                        // A bar that was finished while nothing came is revised.
                        bars.removeAll { bar in missed.contains { $0.time == bar.time } }
                        bars = (bars + missed).sorted { $0.time < $1.time }
                    case .gap: gaps += 1
                    case .status(let status): Issue.record("the connection went: \(status)")
                    default: break
                    }
                    if bars.count >= 3, !isFrozen {
                        isFrozen = true
                        simulator.freeze(.nifty)
                    }
                    if gaps > 0, bars.count >= 20 { break }
                }
                return bars
            }
            let (first, last) = (try #require(reported.first?.time), try #require(reported.last?.time))
            let truth = try simulator.market.bars(
                of: .nifty, interval: .oneSecond, within: TimeRange(from: first, to: last.advanced(bySeconds: 1)),
                at: last.advanced(bySeconds: 60))
            #expect(reported.map(\.time) == truth.map(\.time))
            #expect(reported.map(\.close) == truth.map(\.close))
            let rest = try await others
            #expect(rest.repairs == 0)
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test("pain 12: a quote that freezes while others continue is requested again, on the same connection")
    func oneQuote() async throws {
        try await Simulated.withBoth(of: Simulated.hurriedUpstream(20), FreezePains.patient) { client, simulator in
            let feed = try await client.liveQuotes(of: [.nifty, .bankNifty])
            let last = try await within(.seconds(20)) {
                var times: [Symbol: Timestamp] = [:]
                var frozenAt: Timestamp?
                for try await event in feed {
                    guard case .quote(let quote) = event, let time = quote.lastTime else { continue }
                    times[quote.symbol] = time
                    guard times.count == 2 else { continue }
                    if frozenAt == nil {
                        frozenAt = times[.nifty]
                        simulator.freeze(.nifty)
                    }
                    // What was under way when it froze may still come; a minute of its time later it has been mended.
                    if let frozenAt, let now = times[.nifty], now.seconds - frozenAt.seconds > 60 { break }
                }
                return times[.nifty]
            }
            #expect(last != nil)
            #expect(simulator.activity.calls["quote_add_symbols", default: 0] >= 2)
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test("pain 12: a live series without trades is checked and left as it is")
    func quietSeries() async throws {
        try await Simulated.withBoth(of: Simulated.stillUpstream, FreezePains.patient) { client, simulator in
            let feed = try await client.liveBars(.newest(5))
            try await waitUntil { simulator.activity.calls["create_series", default: 0] >= 3 }
            var iterator = feed.makeAsyncIterator()
            guard case .snapshot? = try await iterator.next() else {
                Issue.record("no snapshot came")
                return
            }
            // The requests had their own sessions, which are over; the series has its first one.
            try await waitUntil {
                simulator.activity.calls["chart_create_session", default: 0]
                    - simulator.activity.calls["chart_delete_session", default: 0] == 1
            }
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test("pain 12: a connection full of live series that freezes is replaced too")
    func fullConnection() async throws {
        let adjust: (inout TradingViewConfiguration) -> Void = {
            $0.deadlines.progress = .milliseconds(600)
            $0.deadlines.stall = .milliseconds(200)
            $0.sessionsPerConnection = 2
        }
        var upstream = Simulated.hurriedUpstream(20)
        upstream.heartbeatSeconds = 2
        try await Simulated.withBoth(of: upstream, adjust) { client, simulator in
            let first = try await client.liveBars(.newest(5))
            // From this one on the simulator sends nothing but heartbeats on the connection, which is full.
            async let dead = marketError { try await client.liveBars(.newest(5, of: .of(.stallWithHeartbeats))) }
            let states = try await within(.seconds(10)) {
                var states: [SourceStatus.State] = []
                for try await event in first {
                    if case .status(let status) = event { states.append(status.state) }
                    if case .bar = event, states.last == .connected { break }
                }
                return states
            }
            #expect(states.contains(.reconnecting))
            #expect(simulator.activity.connectionsMade >= 2)
            #expect(await dead != nil)
        }
    }
}

import MarketData
import MockMarket
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

/// Every way in which a response may go wrong: the right bars or a typed error, never wrong bars, never a hang.
@Suite("The fault table", .serialized, .timeLimit(.minutes(2)))
struct FaultTableTests {
    /// What is right for a fault.
    enum Outcome: Sendable, CustomTestStringConvertible {
        case theBars
        case error(MarketDataError.Code)

        var testDescription: String {
            switch self {
            case .theBars: "the bars"
            case .error(let code): code.rawValue
            }
        }
    }

    static let table: [(Fault, Outcome)] = [
        (.symbolError, .error(.symbolNotFound)),
        (.seriesError, .error(.upstreamUnavailable)),
        (.criticalError, .error(.upstreamUnavailable)),
        (.protocolError, .error(.upstreamUnavailable)),
        (.close, .error(.upstreamUnavailable)),
        (.closeMidFrame, .error(.upstreamUnavailable)),
        (.reset, .error(.upstreamUnavailable)),
        (.upgrade429, .error(.throttled)),
        (.htmlInstead, .error(.upstreamUnavailable)),
        (.garbage, .theBars),
        (.brokenJSON, .theBars),
        (.lenTooSmall, .theBars),
        (.lenTooLarge, .theBars),
        (.splitOverMessages, .theBars),
        (.stallWithHeartbeats, .error(.upstreamTimeout)),
        (.silence, .error(.upstreamTimeout)),
        (.continuation, .theBars),
        (.ping, .theBars),
        (.oneFrame, .theBars),
        (.binaryFrame, .theBars),
        (.gluedHeartbeat, .theBars),
        (.emptySeries, .error(.neverTraded)),
        (.noVolume, .theBars),
        (.nullVolume, .theBars),
        (.exponentFloats, .theBars),
        (.repeatBars, .theBars),
    ]

    private static let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(700))

    private func truth(_ fault: Fault) throws -> [Bar] {
        var bars = try Simulated.market(Simulated.stillUpstream).bars(Self.request, at: Simulated.moment).bars
        if fault == .noVolume || fault == .nullVolume { for index in bars.indices { bars[index].volume = nil } }
        return bars
    }

    @Test("each fault gives the right bars or a typed error at once", arguments: table)
    func row(fault: Fault, outcome: Outcome) async throws {
        var upstream = Simulated.stillUpstream
        upstream.faults = [fault]
        upstream.heartbeatSeconds = 1
        // Only a missing response waits for the deadline; everything else is reported before it.
        let deadline: Duration = if case .error(.upstreamTimeout) = outcome { .seconds(8) } else { .seconds(4) }
        let limits: (inout TradingViewConfiguration) -> Void = {
            $0.pageSize = 300
            $0.deadlines.progress = .seconds(4)
        }
        try await Simulated.withClient(of: upstream, limits) { client in
            do {
                let series = try await within(deadline) { try await client.bars(Self.request) }
                guard case .theBars = outcome else {
                    Issue.record("\(series.bars.count) bars came in place of an error")
                    return
                }
                let expected = try truth(fault)
                #expect(series.bars == expected)
            } catch let error as MarketDataError {
                guard case .error(error.code) = outcome else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }

    @Test("a request whose response is not trustworthy is repeated after a single fault")
    func requestsAgain() async throws {
        var upstream = Simulated.stillUpstream
        upstream.faults = [.brokenJSON]
        upstream.faultLimit = 1
        let bars = try await Simulated.withClient(of: upstream) { try await $0.bars(Self.request).bars }
        let expected = try truth(.brokenJSON)
        #expect(bars == expected)
    }

    @Test("a response that takes eight seconds is waited for")
    func slow() async throws {
        var upstream = Simulated.runningUpstream
        upstream.faults = [.slow]
        let bars = try await Simulated.withClient(of: upstream) { try await $0.bars(Self.request).bars }
        let expected = try truth(.slow)
        #expect(bars.dropLast() == expected.dropLast())
        #expect(bars.last?.time == expected.last?.time)
    }

    @Test("a request that fails does not end another on the same connection")
    func oneSessionOnly() async throws {
        let doomed = BarRequest(
            symbol: Symbol(exchange: "FAULT", ticker: "CRITICAL-ERROR"), interval: .fiveMinutes, span: .count(10))
        try await Simulated.withClient { client in
            async let failed = marketError { try await client.bars(doomed) }
            async let series = client.bars(Self.request)
            #expect(await failed?.code == .upstreamUnavailable)
            let (bars, expected) = (try await series.bars, try truth(.criticalError))
            #expect(bars == expected)
            #expect(await client.status().reconnects == 0)
        }
    }
}

import Logging
import MarketData
import MarketHub
import MarketServer
import Synchronization
import TestSupport
import Testing

@Suite("Open interest on the stream")
struct OpenInterestStreamTests {
    @Test("a snapshot is pushed when the source's stamp is newer; one repeated, or older, is not")
    func newerOnly() async throws {
        let source = SteppingSource()
        try await RunningServer.with(
            hub: .asking(source), configure: { $0.limits.openInterestInterval = .milliseconds(20) }
        ) { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(
                    #"{"type":"subscribe","id":"c","channel":"open-interest","symbol":"NSE:NIFTY"}"#)
                let first = try await stream.next()
                #expect(first["asOf"].string == "2026-11-20T05:00:00Z")
                // The same stamp with other figures, and an older one: both are looked at, neither is told.
                for minutes in [0, -3] {
                    source.stand(at: minutes, calls: 7)
                    let asked = source.asked
                    try await waitUntil("the source is asked again") { source.asked > asked + 1 }
                }
                source.stand(at: 3, calls: 20)
                let second = try await stream.next()
                #expect(second["type"].string == "snapshot")
                #expect(second["seq"].int == 1)
                #expect(second["asOf"].string == "2026-11-20T05:03:00Z")
                #expect(second["totals"]["call"].number == 20)
            }
        }
    }

    @Test("a pushed snapshot is the answer of /v1/open-interest, analysis and all")
    func sameAnswer() async throws {
        let source = SteppingSource()
        try await RunningServer.with(hub: .asking(source)) { server in
            let answer = try await server.get("/v1/open-interest?symbol=NIFTY").json
            try await server.socket("/v1/stream") { stream in
                try await stream.say(
                    #"{"type":"subscribe","id":"c","channel":"open-interest","symbol":"NSE:NIFTY"}"#)
                let pushed = try await stream.next()
                #expect(pushed.keys.subtracting(["type", "id", "seq", "sources"]) == answer.keys)
                #expect(pushed["analysis"].keys == answer["analysis"].keys)
                #expect(pushed["analysis"]["maxPain"].number == answer["maxPain"].number)
            }
        }
    }
}

/// A source at the network's edge whose one snapshot the test moves.
private final class SteppingSource: OpenInterestProvider {
    private let state = Mutex((asked: 0, minutes: 0, calls: 10.0))
    private let start = Timestamp(seconds: 1_795_150_800)

    /// How many questions were asked.
    var asked: Int { state.withLock { $0.asked } }

    func stand(at minutes: Int, calls: Double) {
        state.withLock { ($0.minutes, $0.calls) = (minutes, calls) }
    }

    func expiries(of symbol: Symbol) async throws -> ExpiryList {
        throw MarketDataError(.notSupported, "not in this test")
    }

    func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        let (_, minutes, calls) = state.withLock { state in
            state.asked += 1
            return state
        }
        return OpenInterestSnapshot(
            symbol: request.symbol, expiry: CalendarDate(daysSinceEpoch: 20_781), unit: .shares, lotSize: 65,
            spot: 25_000,
            strikes: [
                OptionStrike(
                    strike: Strike(tenThousandths: 250_000_000), call: OptionData(openInterest: calls),
                    put: OptionData(openInterest: 5))
            ], listedStrikes: nil,
            provenance: Provenance(
                source: .trendlyne, feed: nil, mode: .delayed, delaySeconds: 180,
                asOf: start.advanced(bySeconds: Int64(minutes) * 60)))
    }

    func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        []
    }
}

extension MarketHub {
    fileprivate static func asking(_ source: SteppingSource) -> MarketHub {
        MarketHub(
            history: [], openInterest: [source], live: [], search: [],
            logger: .quiet, clock: { RunningServer.now })
    }
}

import Logging
import MarketData
import MarketHub
import MarketServer
import Synchronization
import TestSupport
import Testing

@Suite("Open interest on the stream")
struct OpenInterestStreamTests {
    @Test("a snapshot is pushed only if its stamp is newer")
    func newerOnly() async throws {
        let source = SteppingSource()
        try await RunningServer.with(
            hub: .reading(source), configure: { $0.limits.openInterestInterval = .milliseconds(20) }
        ) { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(
                    #"{"type":"subscribe","id":"c","channel":"open-interest","symbol":"NSE:NIFTY"}"#)
                let first = try await stream.next()
                #expect(first["asOf"].string == "2026-11-20T05:00:00Z")
                // The same stamp with other values, and an older one: both are fetched, neither is pushed.
                for minutes in [0, -3] {
                    source.stand(at: minutes, calls: 7)
                    let requests = source.requests
                    try await waitUntil("the source is requested again") { source.requests > requests + 1 }
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

    @Test("a pushed snapshot has the fields of /v1/open-interest")
    func sameResponse() async throws {
        let source = SteppingSource()
        try await RunningServer.with(hub: .reading(source)) { server in
            let response = try await server.get("/v1/open-interest?symbol=NIFTY").json
            try await server.socket("/v1/stream") { stream in
                try await stream.say(
                    #"{"type":"subscribe","id":"c","channel":"open-interest","symbol":"NSE:NIFTY"}"#)
                let pushed = try await stream.next()
                #expect(pushed.keys.subtracting(["type", "id", "seq", "sources"]) == response.keys)
                #expect(pushed["analysis"].keys == response["analysis"].keys)
                #expect(pushed["analysis"]["maxPain"].number == response["maxPain"].number)
            }
        }
    }
}

/// A source at the network's edge whose one snapshot the test moves.
private final class SteppingSource: OpenInterestProvider {
    private let state = Mutex((requests: 0, minutes: 0, calls: 10.0))
    private let start = Timestamp(seconds: 1_795_150_800)

    /// The number of requests.
    var requests: Int { state.withLock { $0.requests } }

    func stand(at minutes: Int, calls: Double) {
        state.withLock { ($0.minutes, $0.calls) = (minutes, calls) }
    }

    func expiries(of symbol: Symbol) async throws -> ExpiryList {
        throw MarketDataError(.notSupported, "not in this test")
    }

    func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        let (_, minutes, calls) = state.withLock { state in
            state.requests += 1
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
    fileprivate static func reading(_ source: SteppingSource) -> MarketHub {
        MarketHub(
            history: [], openInterest: [source], live: [], search: [],
            logger: .quiet, clock: { RunningServer.now })
    }
}

import Foundation
import MarketData
import MarketHub
import MarketServer
import MockMarket
import TestSupport
import Testing

@testable import BhavApp

@Suite("A running server as the source of a command", .serialized, .timeLimit(.minutes(2)))
struct RunningServerTests {
    /// A Wednesday, 21:36:40 in India; the mock market never shuts.
    static let moment = Timestamp(seconds: 1_795_622_800)
    private static let nifty = Symbol(exchange: "NSE", ticker: "NIFTY")

    /// Runs a server over the mock market, both at one clock.
    private func withServer(
        keys: [APIKey] = [], clock: ManualClock = ManualClock(RunningServerTests.moment),
        _ body: @escaping @Sendable (RunningServer, MockMarket) async throws -> Void
    ) async throws {
        let mock = MockMarket(seed: 1, hours: .always, clock: { clock.now })
        let hub = MarketHub(
            history: [mock], openInterest: [mock], optionChains: [mock], contractHistories: [mock], live: [mock],
            search: [mock], sources: [.mock], logger: .quiet, clock: { clock.now })
        var configuration = MarketServerConfiguration(port: 0)
        configuration.apiKeys = keys
        let server = try MarketServer(
            hub: hub, configuration: configuration, logger: .quiet, clock: { clock.now })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            try await body(RunningServer(address: "http://127.0.0.1:\(try await server.port)", key: nil), mock)
        }
    }

    @Test("bars equal the source's own")
    func bars() async throws {
        try await withServer { server, mock in
            for span in [
                BarRequest.Span.count(300),
                .range(TimeRange(from: Self.moment.advanced(bySeconds: -86_400), to: Self.moment)),
            ] {
                let request = BarRequest(symbol: Self.nifty, interval: .fiveMinutes, span: span)
                let (remote, local) = (try await server.bars(request), try await mock.bars(request))
                #expect(remote.bars == local.bars)
                #expect(remote.provenance == local.provenance)
                #expect(remote.shortfall == local.shortfall && remote.gaps == local.gaps)
            }
        }
    }

    @Test("open interest and chains equal the source's own")
    func chains() async throws {
        try await withServer { server, mock in
            let list = try await server.expiries(of: Self.nifty)
            #expect(try await list == mock.expiries(of: Self.nifty))
            let next = try #require(list.expiries.dropFirst().first)
            for expiry in [nil, next] {
                for strikes in [StrikeSelection.usual, .all] {
                    let request = OpenInterestRequest(symbol: Self.nifty, expiry: expiry, strikes: strikes)
                    #expect(try await server.openInterest(request) == mock.openInterest(request))
                }
                let chain = try await server.optionChain(of: Self.nifty, expiry: expiry)
                #expect(try await chain == mock.optionChain(of: Self.nifty, expiry: expiry))
            }
            let past = OpenInterestRequest(symbol: Self.nifty, at: Self.moment.advanced(bySeconds: -3_600))
            #expect(try await server.openInterest(past) == mock.openInterest(past))
        }
    }

    @Test("a search and the session of a contract equal the source's own")
    func others() async throws {
        try await withServer { server, mock in
            let query = SymbolQuery(text: "nifty", limit: 20)
            let found = try await server.matches(query).instruments
            #expect(found.count > 2)
            #expect(try await found.map(\.symbol) == mock.search(query).map(\.symbol))
            let strike = try #require(Strike("24400"))
            let request = ContractHistoryRequest(underlying: Self.nifty, kind: .option(strike, .call))
            #expect(try await server.contractHistory(request) == mock.contractHistory(request))
        }
    }

    @Test("live quotes begin with every field, and changes keep the fields that they do not name")
    func quotes() async throws {
        let clock = ManualClock(Self.moment)
        try await withServer(clock: clock) { server, _ in
            var seen: [Quote] = []
            for try await event in try await server.liveQuotes(of: [Self.nifty]) {
                if case .quote(let quote) = event { seen.append(quote) }
                clock.advance(bySeconds: 1)
                if seen.count == 3 { break }
            }
            for quote in seen {
                #expect(quote.symbol == Self.nifty && quote.provenance.mode == .simulated)
                #expect(quote.last != nil && quote.previousClose != nil && quote.high != nil)
            }
        }
    }

    @Test("live bars begin with a snapshot of the requested count")
    func liveBars() async throws {
        try await withServer { server, mock in
            let request = BarRequest(symbol: Self.nifty, interval: .oneMinute, span: .count(7))
            for try await event in try await server.liveBars(request) {
                guard case .snapshot(let series) = event else { continue }
                #expect(series.bars.count == 7)
                #expect(try await series.bars.dropLast() == mock.bars(request).bars.dropLast())
                break
            }
        }
    }

    @Test("an error keeps its code and suggestions, a wrong key is unauthorized, and a stopped server is unavailable")
    func errors() async throws {
        try await withServer { server, _ in
            let unknown = BarRequest(
                symbol: Symbol(exchange: "NSE", ticker: "NOSUCH"), interval: .oneDay, span: .count(1))
            await #expect(throws: MarketDataError.self) { try await server.bars(unknown) }
            do { _ = try await server.bars(unknown) } catch let error as MarketDataError {
                #expect(error.code == .symbolNotFound)
            }
            do {
                _ = try await server.liveQuotes(of: [])
                Issue.record("a subscription to nothing was accepted")
            } catch let error as MarketDataError { #expect(error.code == .badRequest) }
        }
        try await withServer(keys: [try #require(APIKey("geheim"))]) { server, _ in
            do { _ = try await server.expiries(of: Self.nifty) } catch let error as MarketDataError {
                #expect(error.code == .unauthorized)
            }
            let known = RunningServer(address: server.address, key: "geheim")
            #expect(try await !known.expiries(of: Self.nifty).expiries.isEmpty)
        }
        do { _ = try await RunningServer(address: "http://127.0.0.1:9", key: nil).expiries(of: Self.nifty) } catch {
            #expect((error as? MarketDataError)?.code == .upstreamUnavailable)
        }
    }

    @Test("events split anywhere by the network are read, and comments are skipped")
    func lines() throws {
        let text = Array(":\n\nid: 7\ndata: {\"a\":1}\n\ndata:{\"b\":2}\n\n".utf8)
        for size in 1...text.count {
            var lines = EventLines()
            var found: [[UInt8]] = []
            for start in stride(from: 0, to: text.count, by: size) {
                found += try lines.take(text[start..<min(start + size, text.count)])
            }
            #expect(found.map { String(decoding: $0, as: UTF8.self) } == [" {\"a\":1}", "{\"b\":2}"])
        }
    }
}

import HTTPTypes
import Logging
import MarketData
import Synchronization
import TestSupport
import Testing

@testable import TradingView

@Suite("Slow web servers, and those with a Retry-After")
struct SlowWebTests {

    @Test("a response whose body never ends is an error at the deadline: search, and suggestions beside an error")
    func endlessSearch() async throws {
        let error = try await ScriptedSite.with(
            { _ in .init(body: #"{"symbols":["#, isEndless: true) },
            { port, _ in
                var configuration = Simulated.client(ofPort: port)
                configuration.deadlines.http = .milliseconds(300)
                let client = TradingViewClient(configuration: configuration, logger: .quiet)
                return try await within(.seconds(5)) {
                    await marketError { try await client.search(SymbolQuery(text: "x")) }
                }
            })
        #expect(error?.code == .upstreamTimeout)
        #expect(error?.message.contains("0.3 s") == true)
    }

    @Test("a sign-in whose page never ends fails the request, and the next one after it")
    func endlessSignIn() async throws {
        let requested = Atomic(0)
        let response: @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply = { _ in
            requested.add(1, ordering: .relaxed)
            return .init(body: "<html>", isEndless: true)
        }
        try await ScriptedSite.with(response) { port, _ in
            var configuration = Simulated.client(ofPort: port)
            configuration.signIn = .cookies(sessionID: Secret("SESSION"), signature: Secret("SIGNATURE"))
            configuration.deadlines.http = .milliseconds(300)
            let client = TradingViewClient(configuration: configuration, logger: .quiet)
            try await Simulated.withRunning(client) { client in
                for _ in 0..<2 {
                    let error = await marketError { try await client.bars(.newest(1)) }
                    #expect(error?.code == .upstreamTimeout)
                    #expect(error?.message.contains("0.3 s") == true)
                }
            }
        }
        #expect(requested.load(ordering: .relaxed) == 2)
    }

    @Test("a search with a Retry-After sends nothing before, and reports the time")
    func throttledSearch() async throws {
        let requested = Atomic(0)
        let response: @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply = { _ in
            requested.add(1, ordering: .relaxed)
            return .init(status: 429, headers: [("Retry-After", "9999999999999")])
        }
        try await ScriptedSite.with(response) { port, _ in
            let client = TradingViewClient(configuration: Simulated.client(ofPort: port), logger: .quiet)
            for text in ["x", "x", "y"] {
                let error = await marketError { try await client.search(SymbolQuery(text: text)) }
                #expect(error?.code == .throttled)
                #expect(error?.recovery == .retry(afterSeconds: 86_400))
            }
        }
        #expect(requested.load(ordering: .relaxed) == 1)
    }

    @Test("a sign-in with a very long Retry-After waits a day at most, and does not crash")
    func throttledSignIn() async throws {
        let response: @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply = { _ in
            .init(status: 429, headers: [("Retry-After", "9223372036854775807")])
        }
        try await ScriptedSite.with(response) { port, site in
            var configuration = Simulated.client(ofPort: port)
            configuration.signIn = .password(username: "someone", password: Secret("word word"), totp: nil)
            let client = TradingViewClient(configuration: configuration, logger: .quiet)
            try await Simulated.withRunning(client) { client in
                for _ in 0..<2 {
                    let error = await marketError { try await client.bars(.newest(1)) }
                    #expect(error?.code == .throttled)
                    // The second response counts the jitter of the next attempt as well.
                    #expect((86_400...86_402).contains(error?.retryAfterSeconds ?? 0))
                }
            }
            #expect(site.requests.count == 1)
        }
    }
}

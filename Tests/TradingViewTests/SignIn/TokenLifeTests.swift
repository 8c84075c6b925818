import AsyncHTTPClient
import Foundation
import MarketData
import Synchronization
import TestSupport
import Testing
import TradingViewProtocol
import UpstreamSimulator

@testable import TradingView

@Suite("A token's life", .timeLimit(.minutes(1)))
struct TokenLifeTests {
    private static let cookies = TradingViewSignIn.cookies(
        sessionID: Secret("SESSION"), signature: Secret("SIGNATURE"))

    private static let now = Simulated.runningUpstream.clock

    /// An upstream whose tokens expire a minute and a half from now: 80 % of their four hours are over.
    private static var ageingUpstream: SimulatorConfiguration {
        SimulatorConfiguration { now().advanced(bySeconds: 90 - 4 * 3600) }
    }

    @Test("it is renewed on the open connection, and subscriptions continue")
    func renewal() async throws {
        try await Simulated.withBoth(of: Self.ageingUpstream, { $0.signIn = Self.cookies }, now: Self.now) {
            client, simulator in
            var quotes = try await client.liveQuotes(of: [.nifty]).makeAsyncIterator()
            _ = try await quotes.next()
            try await waitUntil { simulator.activity.calls["set_auth_token"] == 2 }
            for _ in 0..<3 { #expect(try await quotes.next() != nil) }
            #expect(simulator.activity.connectionsMade == 1)
            #expect(simulator.activity.calls["quote_create_session"] == 1)
            #expect(simulator.activity.requests["/"] == 2)
        }
    }

    /// Refuses a connection whose token is not the good one; the others get bars.
    private static func response(_ call: ReceivedCall, good: String?) -> [String] {
        if call.name == "set_auth_token", call.text(at: 0) != good {
            return [#"{"m":"protocol_error","p":["bad auth token"]}"#]
        }
        return Script.series(
            call, names: #""full_name":"NSE:NIFTY","session":"24x7","timezone":"Etc/UTC""#, times: [1_795_000_000])
    }

    @Test("a refused token is fetched again once, and the waiting request gets its response")
    func fetchedAgain() async throws {
        let now = SystemClock.now().seconds
        let (bad, good) = (
            TestToken.text(issued: now - 100, expiry: now + 9_000), TestToken.text(issued: now, expiry: now + 9_100)
        )
        let pages = Mutex(0)
        let page: @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply = { _ in
            let count = pages.withLock { count in
                count += 1
                return count
            }
            return .init(body: TestToken.page(count == 1 ? bad : good))
        }
        try await ScriptedSite.with(page) { port, site in
            try await ScriptedUpstream.withClient(
                responding: { Self.response($0, good: good) },
                {
                    $0.webURL = "http://127.0.0.1:\(port)"
                    $0.signIn = Self.cookies
                }
            ) { client, upstream in
                let count = try await client.bars(.newest(1)).bars.count
                #expect(count == 1)
                #expect(upstream.texts(of: "set_auth_token", at: 0) == [bad, good])
                #expect(site.requests.count == 2)
            }
        }
    }

    @Test("where the next one is refused too, the error says so, and nothing is retried")
    func refusedTwice() async throws {
        let now = SystemClock.now().seconds
        let token = TestToken.text(issued: now, expiry: now + 9_000)
        try await ScriptedSite.with({ _ in .init(body: TestToken.page(token)) }) { port, site in
            try await ScriptedUpstream.withClient(
                responding: { Self.response($0, good: nil) },
                {
                    $0.webURL = "http://127.0.0.1:\(port)"
                    $0.signIn = Self.cookies
                }
            ) { client, upstream in
                let error = await marketError { try await client.bars(.newest(1)) }
                #expect(error?.code == .signInRefused)
                #expect(error?.message.contains("twice") == true)
                #expect(error?.message.contains(token) == false)
                #expect(upstream.texts(of: "set_auth_token", at: 0) == [token, token])
                #expect(site.requests.count == 2)
            }
        }
    }

    private func source(_ port: Int) -> TokenSource {
        var configuration = Simulated.client(ofPort: port)
        configuration.signIn = Self.cookies
        return TokenSource(
            configuration: configuration,
            reader: WebConnection(httpClient: .shared, deadline: .seconds(5), clock: UpstreamClock { Wire.now }))
    }

    @Test("a page whose token is not a user's JWT is a refused sign-in that says so")
    func noToken() async throws {
        for token in ["abc", "e30.e30.sig", TestToken.text(user: nil)] {
            try await ScriptedSite.with({ _ in .init(body: TestToken.page(token)) }) { port, _ in
                let error = await marketError { try await source(port).token(at: Wire.now) }
                #expect(error?.code == .signInRefused)
                #expect(error?.message.contains("JWT") == true)
                #expect(error?.message.contains(token) == false)
            }
        }
    }

    @Test("a failed renewal leaves the old token in use until it expires, then the refusal is reported")
    func failedRenewal() async throws {
        let first = Mutex(true)
        let page: @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply = { _ in
            let isFirst = first.withLock { first in
                defer { first = false }
                return first
            }
            return .init(body: isFirst ? TestToken.page(TestToken.text()) : "<html>a visitor's page</html>")
        }
        try await ScriptedSite.with(page) { port, site in
            let source = source(port)
            let token = try await source.token(at: Wire.now)
            let due = Timestamp(seconds: 1_700_012_000)
            #expect(try await source.renewed(at: due) == nil)
            #expect(try await source.renewed(at: due.advanced(bySeconds: 1)) == nil)
            #expect(site.requests.count == 2)
            #expect(try await source.token(at: due.advanced(bySeconds: 2)) == token)
            let after = Timestamp(seconds: 1_700_013_401)
            #expect(await marketError { try await source.renewed(at: after) }?.code == .signInRefused)
        }
    }
}

import Foundation
import MarketData
import Synchronization
import TestSupport
import Testing
import TradingView
import TradingViewProtocol
import UpstreamSimulator

@Suite("Pains about accounts", .serialized, .timeLimit(.minutes(1)))
struct AccountPains {
    private let cookie = Secret("a-session-cookie")

    @Test("pain 1: no login is needed")
    func anonymous() async throws {
        try await Simulated.withBoth { client, simulator in
            let count = try await client.bars(.newest(5)).bars.count
            #expect(count == 5)
            #expect(simulator.activity.requests.isEmpty)
        }
    }

    @Test("pain 1: a refused sign-in is an error, and no anonymous request is sent instead")
    func neverAnonymous() async throws {
        try await Simulated.withBoth(
            of: Simulated.stillUpstream, { $0.signIn = .cookies(sessionID: cookie, signature: nil) }
        ) { client, simulator in
            let error = await marketError { try await client.bars(.newest(5)) }
            #expect(error?.code == .signInRefused)
            #expect(error?.message.contains(cookie.exposed) == false)
            #expect(simulator.activity.connectionsMade == 0)
        }
    }

    @Test("pain 17: without the signature cookie the sign-in says which cookie is missing")
    func noSignature() async throws {
        let error = try await Simulated.withClient(
            of: Simulated.stillUpstream, { $0.signIn = .cookies(sessionID: cookie, signature: nil) }
        ) { client in
            await marketError { try await client.bars(.newest(5)) }
        }
        #expect(error?.code == .signInRefused)
        #expect(error?.message.contains("sessionid_sign") == true)
    }

    @Test("pain 17: with both cookies the token is fetched once for many requests")
    func bothCookies() async throws {
        try await Simulated.withBoth(
            of: SimulatorConfiguration(scenario: .paidPlan),
            { $0.signIn = .cookies(sessionID: cookie, signature: Secret("its-signature")) }
        ) { client, simulator in
            for _ in 0..<3 {
                let count = try await client.bars(.newest(5)).bars.count
                #expect(count == 5)
            }
            #expect(simulator.activity.requests["/"] == 1)
            #expect(simulator.activity.calls["set_auth_token"] == 1)
        }
    }

    @Test("pain 18: a refused token is reported as such, and not sent again")
    func badToken() async throws {
        try await Simulated.withBoth(
            of: Simulated.stillUpstream, { $0.signIn = .token(Secret("no-token")) }
        ) { client, simulator in
            let error = await marketError { try await client.bars(.newest(5)) }
            #expect(error?.code == .signInRefused)
            #expect(error?.message.contains("no-token") == false)
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test("pain 18: an expired token is not sent, and the error has its expiry time")
    func expiredToken() async throws {
        let claims = Data(#"{"exp":1700000000}"#.utf8).base64EncodedString().replacing("=", with: "")
        try await Simulated.withBoth(
            of: Simulated.stillUpstream, { $0.signIn = .token(Secret("e30.\(claims).sign")) }
        ) { client, simulator in
            let error = await marketError { try await client.bars(.newest(5)) }
            #expect(error?.code == .signInRefused)
            #expect(error?.message.contains("2023-11-14") == true)
            #expect(simulator.activity.connectionsMade == 0)
        }
    }

    @Test("pain 18: a token near its expiry is replaced on the same connection, and a live feed continues")
    func renewal() async throws {
        // The simulator's tokens live for four hours of its clock, of which little more than a minute is left.
        var upstream = Simulated.hurriedUpstream(20)
        let start = ContinuousClock.now
        let now: WallClock = {
            Timestamp(
                milliseconds: Simulated.moment.milliseconds + Int64((ContinuousClock.now - start) / .milliseconds(1)))
        }
        upstream.clock = { now().advanced(bySeconds: 75 - 4 * 3600) }
        try await Simulated.withBoth(
            of: upstream, { $0.signIn = .cookies(sessionID: cookie, signature: Secret("its-signature")) }, now: now
        ) { client, simulator in
            var afterRenewal = 0
            for try await event in try await client.liveQuotes(of: [.nifty, .bankNifty]) {
                if case .status(let status) = event { Issue.record("the connection went: \(status)") }
                if simulator.activity.calls["set_auth_token"] == 2 { afterRenewal += 1 }
                if afterRenewal == 5 { break }
            }
            #expect(simulator.activity.requests["/"] == 2)
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test("pain 18: a fetched token that is refused is fetched again once, and the request gets its response")
    func refusedOnce() async throws {
        let names = #""name":"NIFTY","full_name":"NSE:NIFTY","pro_name":"NSE:NIFTY""#
        let tokens = Mutex(0)
        let response: @Sendable (ReceivedCall) -> [String] = { call in
            guard call.name == "set_auth_token" else { return Script.series(call, names: names, times: [300]) }
            let isFirst = tokens.withLock { count in
                count += 1
                return count == 1
            }
            return isFirst ? [#"{"m":"protocol_error","p":["bad auth token"]}"#] : []
        }
        try await UpstreamSimulator.withRunning(SimulatorConfiguration()) { site, port in
            let signIn: (inout TradingViewConfiguration) -> Void = {
                $0.webURL = "http://127.0.0.1:\(port)"
                $0.signIn = .cookies(sessionID: cookie, signature: Secret("its-signature"))
            }
            try await ScriptedUpstream.withClient(responding: response, signIn) { client, upstream in
                let count = try await client.bars(.newest(1)).bars.count
                #expect(count == 1)
                #expect(upstream.texts(of: "set_auth_token", at: 0).count == 2)
                #expect(site.activity.requests["/"] == 2)
            }
        }
    }

    @Test("pain 18: live feeds end with the refusal of a token rather than retry forever")
    func badTokenOfFeeds() async throws {
        try await Simulated.withBoth(
            of: Simulated.stillUpstream, { $0.signIn = .token(Secret("no-token")) }
        ) { client, simulator in
            let error = await marketError {
                for try await _ in try await client.liveQuotes(of: [.nifty]) {}
            }
            #expect(error?.code == .signInRefused)
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test("pain 19: delayed values are marked with their delay: bars, live bars and quotes")
    func delayed() async throws {
        let upstream = SimulatorConfiguration(scenario: .delayed)
        try await Simulated.withClient(of: upstream) { client in
            let series = try await client.bars(.newest(5))
            #expect(series.provenance.mode == .delayed)
            #expect(series.provenance.delaySeconds == 900)
            let late = try #require(series.bars.last).time.seconds - upstream.clock().seconds
            #expect(late <= -600)
            for try await event in try await client.liveBars(.newest(5)) {
                guard case .snapshot(let snapshot) = event else { continue }
                #expect(snapshot.provenance.delaySeconds == 900)
                break
            }
            for try await event in try await client.liveQuotes(of: [.nifty]) {
                guard case .quote(let quote) = event else { continue }
                #expect(quote.provenance.mode == .delayed)
                #expect(quote.provenance.delaySeconds == 900)
                break
            }
        }
    }

    @Test("pain 19: an exchange that costs extra, served by another feed, names that feed")
    func substitute() async throws {
        let apple = Symbol(exchange: "NASDAQ", ticker: "AAPL")
        let series = try await Simulated.withClient { try await $0.bars(.newest(5, of: apple)) }
        #expect(series.provenance.feed == "BATS:AAPL")
    }
}

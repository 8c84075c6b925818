import Logging
import MarketData
import TestSupport
import Testing
import UpstreamSimulator

@testable import TradingView

@Suite("The server of paid accounts", .timeLimit(.minutes(1)))
struct PaidServerTests {
    private static func token(_ plan: String?) -> AuthToken {
        AuthToken(secret: Secret(TestToken.text(expiry: 4_000_000_000, plan: plan)))
    }

    @Test("is tried first with a token that names a plan, and only then")
    func choice() {
        let real = TradingViewConfiguration()
        let both = ["wss://prodata.tradingview.com", "wss://data.tradingview.com"]
        #expect(real.socketURLs(for: Self.token("pro_premium")) == both)
        for token in [.anonymous, Self.token(nil), Self.token(""), Self.token("free")] {
            #expect(real.socketURLs(for: token) == ["wss://data.tradingview.com"])
        }
        let ours = TradingViewConfiguration(socketURL: "ws://127.0.0.1:9001")
        #expect(ours.socketURLs(for: Self.token("pro")) == ["ws://127.0.0.1:9001"])
    }

    @Test("is used, and the free server where it cannot be reached", arguments: [true, false])
    func connecting(isReachable: Bool) async throws {
        try await UpstreamSimulator.withRunning(Simulated.stillUpstream, logger: .quiet) { paid, there in
            // Nothing listens on the port of a server that has just stopped.
            let gone = try await ScriptedSite.with({ _ in .init() }, { port, _ in port })
            let limits: (inout TradingViewConfiguration) -> Void = {
                $0.signIn = .token(Secret(TestToken.text(expiry: 4_000_000_000, plan: "pro_premium")))
                $0.paidSocketURL = "ws://127.0.0.1:\(isReachable ? there : gone)"
            }
            try await Simulated.withBoth(of: Simulated.stillUpstream, limits) { client, free in
                let bars = try await client.bars(.newest(3)).bars
                #expect(bars.count == 3)
                #expect(paid.activity.connectionsMade == (isReachable ? 1 : 0))
                #expect(free.activity.connectionsMade == (isReachable ? 0 : 1))
                let status = await client.status()
                #expect(status.state == .connected)
                #expect(status.reason?.contains("paid accounts") == (isReachable ? nil : true))
                guard !isReachable else { return }
                // A later reader gets the status too.
                var quotes = try await client.liveQuotes(of: [.nifty]).makeAsyncIterator()
                var isReported = false
                while !isReported, let event = try await quotes.next() { isReported = event == .status(status) }
                #expect(isReported)
            }
        }
    }
}

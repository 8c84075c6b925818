import Foundation
import MarketData
import TestSupport
import Testing
import UpstreamSimulator

@testable import TradingView

@Suite("Pains about signing in with a password", .serialized, .timeLimit(.minutes(1)))
struct SignInPains {
    private static let secret = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")

    private func upstream(_ faults: Set<Fault>) -> SimulatorConfiguration {
        var upstream = SimulatorConfiguration()
        upstream.faults = faults
        upstream.password = "the right words"
        return upstream
    }

    private func signIn(totp: Secret? = nil) -> (inout TradingViewConfiguration) -> Void {
        { $0.signIn = .password(username: "someone", password: Secret("the right words"), totp: totp) }
    }

    /// The refusal of a sign-in, after which no data were requested.
    private func refusal(_ faults: Set<Fault>, totp: Secret? = nil) async throws -> MarketDataError? {
        try await Simulated.withBoth(of: upstream(faults), signIn(totp: totp)) { client, simulator in
            let error = await marketError { try await client.bars(.newest(5)) }
            #expect(simulator.activity.connectionsMade == 0)
            #expect(error?.message.contains("the right words") == false)
            return error
        }
    }

    @Test("pain 1: a captcha is reported with the site's own code and what to do")
    func captcha() async throws {
        let error = try await refusal([.signInCaptcha])
        #expect(error?.code == .signInRefused)
        #expect(error?.message.contains("recaptcha_required") == true)
        #expect(error?.message.contains("TV_SESSION_ID") == true)
    }

    @Test("pain 1: a missing second factor is reported, with how to give it")
    func missingFactor() async throws {
        let error = try await refusal([.signIn2FA])
        #expect(error?.code == .signInRefused)
        #expect(error?.message.contains("2FA_required") == true)
        #expect(error?.message.contains("TV_TOTP") == true)
        let byMessage = try await refusal([.signInSMS], totp: Self.secret)
        #expect(byMessage?.code == .signInRefused)
        #expect(byMessage?.message.contains("sms") == true)
    }

    @Test("pain 1: with the authenticator's secret the second factor is passed, and data have the account's rights")
    func secondFactor() async throws {
        var upstream = upstream([.signIn2FA])
        upstream.acceptsCode = { code in
            let now = SystemClock.now().seconds
            return [now - 30, now, now + 30].contains { moment in
                OneTimeCode.code(from: Self.secret, at: Timestamp(seconds: moment))?.exposed == code
            }
        }
        try await Simulated.withBoth(of: upstream, signIn(totp: Self.secret)) { client, simulator in
            let count = try await client.bars(.newest(5)).bars.count
            #expect(count == 5)
            #expect(simulator.activity.requests["/accounts/two-factor/signin/totp/"] == 1)
            #expect(simulator.activity.calls["set_auth_token"] == 1)
        }
    }

    @Test("pain 1: the wrong password has the site's own code, and too many attempts the time to wait")
    func attempts() async throws {
        var wrong = upstream([])
        wrong.password = "other words"
        let error = try await Simulated.withClient(of: wrong, signIn()) { client in
            await marketError { try await client.bars(.newest(5)) }
        }
        #expect(error?.code == .signInRefused)
        #expect(error?.message.contains("invalid_credentials") == true)

        try await UpstreamSimulator.withRunning(upstream([.signInRateLimit])) { _, port in
            var configuration = Simulated.client(ofPort: port)
            signIn()(&configuration)
            var last: MarketDataError?
            for _ in 0..<4 {
                let client = TradingViewClient(configuration: configuration, logger: .quiet)
                last = try await Simulated.withRunning(client) { client in
                    await marketError { try await client.bars(.newest(1)) }
                }
            }
            #expect(last?.code == .throttled)
            #expect(last?.message.contains("rate_limit") == true)
            #expect(last?.recovery == .retry(afterSeconds: 600))
        }
    }
}

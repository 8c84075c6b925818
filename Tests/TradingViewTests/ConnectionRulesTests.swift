import MarketData
import TestSupport
import Testing
import TradingViewProtocol
import WebSocketTransport

@testable import TradingView

@Suite("Connection rules")
struct ConnectionRulesTests {

    private static let trouble = MarketDataError(.upstreamUnavailable, "gone", source: .tradingview)

    @Test("the first attempt is immediate, and later ones wait longer, up to four seconds")
    func backOff() {
        var (delay, random) = (Backoff(), SeededGenerator(seed: 7))
        #expect(delay.next(after: Self.trouble, using: &random) == .zero)
        for limit in [1.0, 2, 4, 4, 4] {
            let wait = delay.next(after: Self.trouble, using: &random) / .seconds(1)
            #expect((limit / 2...limit).contains(wait))
        }
        delay.reset()
        #expect(delay.next(after: Self.trouble, using: &random) == .zero)
    }

    @Test("a server's Retry-After is honoured")
    func retryAfter() {
        var (delay, random) = (Backoff(), SeededGenerator(seed: 7))
        let throttled = MarketDataError(.throttled, "429", source: .tradingview, recovery: .retry(afterSeconds: 30))
        #expect(delay.next(after: throttled, using: &random) >= .seconds(30))
    }

    @Test("a connection is replaced before its sessions are used up, unless a new one would not help")
    func budget() {
        var budget = SessionBudget(limit: 2)
        budget.take()
        #expect(!budget.isReplacementDue(open: 0))
        budget.take()
        #expect(budget.left == 0 && budget.isReplacementDue(open: 1) && !budget.isReplacementDue(open: 2))
    }

    @Test("429 has a time to wait, and a refused token is a refused sign-in")
    func faults() {
        let refusal = UpgradeRefusal(status: 429, reasonPhrase: "", retryAfterSeconds: 17, body: "")
        let throttled = ConnectionFault.error(
            WebSocketError(.upgradeRefused(status: 429), "refused", refusal: refusal))
        #expect(throttled.code == .throttled && throttled.recovery == .retry(afterSeconds: 17))
        #expect(ConnectionFault.ofProtocol("bad auth token").code == .signInRefused)
        #expect(ConnectionFault.ofProtocol("Auth_Token expired").code == .signInRefused)
        #expect(ConnectionFault.ofProtocol("You are BANNED").recovery == .retry(afterSeconds: 600))
        #expect(ConnectionFault.ofProtocol("wrong data").code == .upstreamUnavailable)
    }

    @Test("a few stray bytes without JSON cannot have held a bar, and anything else is not trusted")
    func stray() {
        #expect(Arrival(stray: Array("hello".utf8), reason: "") == nil)
        #expect(Arrival(stray: Array(#"{"m":"tim"#.utf8), reason: "") != nil)
        #expect(Arrival(stray: Array(repeating: 32, count: 100), reason: "") != nil)
    }

    @Test("an unreadable message is reported with its session, and ignored where nothing depends on it")
    func unreadable() {
        func arrival(_ json: String) -> Arrival { Arrival(payload: Array(json.utf8)) }
        guard case .unreadable(_, of: SessionID(rawValue: "cs_a")?) = arrival(#"{"m":"du","p":["cs_a",7]}"#),
            case .unreadable(_, of: nil) = arrival(#"{"m":"du","p":[7,{}]}"#),
            case .unreadable(_, of: SessionID(rawValue: "cs_a")?) = arrival(#"{"m":"du","p":["cs_a",{]}"#),
            case .unreadable(_, of: nil) = arrival(#"{"m":"du","p":["cs_a~m~5~m~{}",7]}"#),
            case .unreadable(_, of: nil) = arrival(#"{"m":"du","p":["cs_a]}"#),
            case .unreadable(_, of: nil) = arrival(#"{"p":["cs_a",7],"m":"du"}"#),
            case .unreadable(_, of: nil) = arrival(#"["du","cs_a",{}]"#)
        else {
            Issue.record("an unreadable message is not reported as such")
            return
        }
        for method in ["study_completed", "series_timeframe", "tickmark_update", "replay_point"] {
            let passed = arrival(#"{"m":"\#(method)","p":["cs_a"]}"#)
            #expect(passed == .event(.unknown(method: method, payload: [])))
        }
    }

    @Test(
        "three Indian indices have other names at TradingView, in both directions",
        arguments: ["FINNIFTY", "NIFTYNXT50"])
    func names(ticker: String) {
        let symbol = Symbol(exchange: "NSE", ticker: ticker)
        #expect(WireName.of(symbol) != symbol.description)
        #expect(WireName.symbol(WireName.of(symbol)) == symbol)
    }
}

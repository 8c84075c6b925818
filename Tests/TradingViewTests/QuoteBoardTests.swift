import JSON
import MarketData
import TestSupport
import Testing
import TradingViewProtocol

@testable import TradingView

@Suite("Quote board")
struct QuoteBoardTests {
    private static let one = SessionID(rawValue: "qs_1")

    private func sessions() -> () -> SessionID {
        var number = 0
        return {
            number += 1
            return SessionID(rawValue: "qs_\(number)")
        }
    }

    private func patch(_ fields: [String: JSONValue], _ name: String = "NSE:NIFTY") -> ServerEvent {
        .quoteData(QuoteUpdate(session: Self.one, name: name, status: .ok, fields: fields))
    }

    private func quotes(_ outcome: QuoteBoard.Outcome) -> [Quote] {
        outcome.deliveries.compactMap { if case .quote(let quote) = $0.event { quote } else { nil } }
    }

    private func board(_ symbols: Symbol...) -> QuoteBoard {
        var board = QuoteBoard()
        _ = board.subscribe(1, to: symbols, at: Wire.now, newSession: sessions())
        return board
    }

    @Test("patches are merged, and null and 1e+100 clear a value without a zero")
    func merging() {
        var board = board(.nifty)
        let next = sessions()
        let first = board.receive(patch(["lp": 100, "volume": 5, "bid": 99]), at: Wire.now, newSession: next)
        #expect(quotes(first).isEmpty, "how late it is was not said yet")
        let second = board.receive(
            patch(["update_mode": "streaming", "lp_time": 1_699_999_999]), at: Wire.now, newSession: next)
        #expect(quotes(second).map(\.last) == [100])
        #expect(quotes(second).map(\.provenance.asOf.seconds) == [1_699_999_999])
        let third = board.receive(
            patch(["volume": 1e+100, "bid": nil, "ask": "101.5"]), at: Wire.now, newSession: next)
        let quote = quotes(third).first
        #expect(quote?.last == 100 && quote?.volume == nil && quote?.bid == nil && quote?.ask == 101.5)
    }

    @Test(
        "an invalid number leaves no old value behind",
        arguments: [true, [], [:], "0x10", "nan", "1e+100", -1e+100, 2e+100] as [JSONValue])
    func invalidNumber(value: JSONValue) {
        var board = board(.nifty)
        let next = sessions()
        _ = board.receive(patch(["lp": 100, "update_mode": "streaming", "ask": 101]), at: Wire.now, newSession: next)
        let quote = quotes(board.receive(patch(["ask": value]), at: Wire.now, newSession: next)).first
        #expect(quote?.last == 100 && quote?.ask == nil)
    }

    @Test("a quote without entitlement is reported as such, whatever the wording", arguments: [true, false])
    func denied(isStatus: Bool) {
        var board = board(.nifty)
        let denial = QuoteUpdate(
            session: Self.one, name: "NSE:NIFTY", status: isStatus ? .permissionDenied : .error,
            errorMessage: isStatus ? nil : "permission denied", fields: ["alternative": "NSE_DLY:NIFTY"])
        let outcome = board.receive(.quoteData(denial), at: Wire.now, newSession: sessions())
        guard case .refused(.nifty, let error)? = outcome.deliveries.first?.event else {
            Issue.record("\(outcome.deliveries)")
            return
        }
        #expect(error.code == .notEntitled && error.suggestions == ["NSE_DLY:NIFTY"])
    }

    @Test(
        "a permission group is not suggested as a symbol",
        arguments: ["economics_paid", "group", "", "permission denied", "\u{1B}[31m"])
    func permissionGroup(alternative: String) {
        var board = board(.nifty)
        let denial = QuoteUpdate(
            session: Self.one, name: "NSE:NIFTY", status: .permissionDenied, errorMessage: nil,
            fields: ["alternative": .string(alternative)])
        let outcome = board.receive(.quoteData(denial), at: Wire.now, newSession: sessions())
        guard case .refused(.nifty, let error)? = outcome.deliveries.first?.event else {
            Issue.record("\(outcome.deliveries)")
            return
        }
        #expect(error.code == .notEntitled)
        #expect(error.suggestions == [])
    }

    @Test("a delayed quote has its delay, and an unknown mode is not live")
    func lateness() {
        for (word, delay) in [("delayed_streaming_900", 900), ("something_new", nil)] as [(String, Int?)] {
            var board = board(.nifty)
            let outcome = board.receive(
                patch(["lp": 1, "update_mode": .string(word)]), at: Wire.now, newSession: sessions())
            #expect(quotes(outcome).first?.provenance.mode == .delayed)
            #expect(quotes(outcome).first?.provenance.delaySeconds == delay)
        }
    }

    @Test("a symbol is requested once for all its readers, and removed with the last")
    func counting() {
        var board = board(.nifty)
        let second = board.subscribe(2, to: [.nifty], at: Wire.now, newSession: sessions())
        #expect(second.calls.isEmpty)
        #expect(board.unsubscribe(1).calls.isEmpty)
        #expect(board.unsubscribe(2).calls.map(\.name) == ["quote_remove_symbols", "quote_delete_session"])
        #expect(board.isEmpty)
    }

    @Test("a later reader gets the current values at once")
    func latecomer() {
        var board = board(.nifty)
        _ = board.receive(patch(["lp": 7, "update_mode": "streaming"]), at: Wire.now, newSession: sessions())
        let outcome = board.subscribe(2, to: [.nifty], at: Wire.now, newSession: sessions())
        #expect(quotes(outcome).map(\.last) == [7])
    }

    @Test("many symbols are added in batches of 50, and sessions hold 200")
    func batches() {
        var board = QuoteBoard()
        let symbols = (0..<450).map { Symbol(exchange: "NSE", ticker: "S\($0)") }
        let calls = board.subscribe(1, to: symbols, at: Wire.now, newSession: sessions()).calls
        let sizes = calls.compactMap { if case .quoteAddSymbols(_, let names) = $0 { names.count } else { nil } }
        #expect(sizes == Array(repeating: 50, count: 9))
        #expect(board.sessions.count == 3)
    }

    @Test("a refused symbol is reported once, and its completion does not make it a quote")
    func refused() {
        var board = board(.nifty, .bankNifty)
        let update = QuoteUpdate(
            session: Self.one, name: "NSE:NIFTY", status: .error, errorMessage: "no_such_symbol")
        let outcome = board.receive(.quoteData(update), at: Wire.now, newSession: sessions())
        guard case .refused(.nifty, let error)? = outcome.deliveries.first?.event else {
            Issue.record("\(outcome)")
            return
        }
        #expect(error.code == .symbolNotFound)
        let after = board.receive(.quoteCompleted(Self.one, name: "NSE:NIFTY"), at: Wire.now, newSession: sessions())
        #expect(after.deliveries.isEmpty)
    }

    @Test("a session that ends is rebuilt with its symbols, and the third in a row refuses them")
    func rebuilds() {
        var board = board(.nifty)
        let next = sessions()
        _ = next()
        for number in 1...3 {
            let dead = SessionID(rawValue: "qs_\(number)")
            let outcome = board.receive(
                .criticalError(dead, reason: "invalid_parameters", info: nil), at: Wire.now, newSession: next)
            #expect(outcome.calls.isEmpty == (number == 3))
            #expect(outcome.deliveries.isEmpty == (number < 3))
        }
    }

    @Test("a symbol without a response is refused as timed out")
    func silence() {
        var board = board(.nifty)
        let patience = Duration.seconds(20)
        #expect(board.check(at: Wire.now.advanced(bySeconds: 20), patience: patience).deliveries.isEmpty)
        let outcome = board.check(at: Wire.now.advanced(bySeconds: 21), patience: patience)
        guard case .refused(.nifty, let error)? = outcome.deliveries.first?.event else {
            Issue.record("\(outcome)")
            return
        }
        #expect(error.code == .upstreamTimeout)
    }

    @Test("on a new connection every wanted symbol is requested in new sessions")
    func reconnect() {
        var board = board(.nifty, .bankNifty)
        board.disconnected()
        let outcome = board.connected(at: Wire.now) { SessionID(rawValue: "qs_new") }
        #expect(
            outcome.calls.map(\.name) == ["quote_create_session", "quote_set_fields", "quote_add_symbols"])
        #expect(Array(board.sessions.keys) == [SessionID(rawValue: "qs_new")])
    }

    @Test("a temporary refusal is retried with growing waits for as long as the quote is wanted")
    func retries() throws {
        var board = board(.nifty)
        let next = sessions()
        var now = Wire.now
        for _ in 0..<30 {
            now = now.advanced(bySeconds: 30)
            let refused = board.check(at: now, patience: .seconds(20))
            #expect(refused.calls.isEmpty)
            #expect(board.retry(at: now, newSession: next).calls.isEmpty)
            now = now.advanced(bySeconds: 5)
            let again = board.retry(at: now, newSession: next)
            #expect(again.calls.contains { $0.name == "quote_add_symbols" })
        }
        let session = try #require(board.sessions.keys.first)
        let values = QuoteUpdate(
            session: session, name: "NSE:NIFTY", status: .ok, fields: ["lp": 7, "update_mode": "streaming"])
        #expect(quotes(board.receive(.quoteData(values), at: now, newSession: next)).map(\.last) == [7])
        #expect(board.retry(at: now.advanced(bySeconds: 60), newSession: next).calls.isEmpty)
    }
}

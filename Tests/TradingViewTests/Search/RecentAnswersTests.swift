import MarketData
import TestSupport
import Testing

@testable import TradingView

@Suite("Recent searches")
struct RecentAnswersTests {
    private let nifty = [Instrument(symbol: .nifty)]

    private func query(_ text: String) -> SymbolQuery { SymbolQuery(text: text) }

    @Test("a response is kept for five minutes")
    func life() {
        var answers = SearchCache()
        answers.keep(nifty, of: query("a"), at: .seconds(10))
        #expect(answers.instruments(query("a"), at: .seconds(309)) == nifty)
        #expect(answers.instruments(query("a"), at: .seconds(310)) == nil)
        #expect(answers.instruments(query("b"), at: .seconds(11)) == nil)
    }

    @Test("the oldest are dropped first: many results, long results and expired ones")
    func room() {
        var answers = SearchCache(mostEntries: 3, mostInstruments: 5)
        for text in ["a", "b", "c", "d"] { answers.keep(nifty, of: query(text), at: .zero) }
        #expect(answers.count == 3 && answers.instruments(query("a"), at: .zero) == nil)
        answers.keep(Array(repeating: nifty[0], count: 4), of: query("e"), at: .zero)
        #expect(answers.count == 2 && answers.instrumentCount == 5)
        answers.keep(nifty, of: query("f"), at: .seconds(400))
        #expect(answers.count == 1 && answers.instrumentCount == 1)
    }

    @Test("the same request stored again counts once")
    func again() {
        var answers = SearchCache()
        for second in 0..<3 { answers.keep(nifty, of: query("a"), at: .seconds(second)) }
        #expect(answers.count == 1 && answers.instrumentCount == 1)
        #expect(answers.instruments(query("a"), at: .seconds(301)) == nifty)
    }
}

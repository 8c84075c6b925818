import MarketData
import TestSupport
import Testing

@testable import TradingView

@Suite("Recent searches")
struct SearchCacheTests {
    private let nifty = [Instrument(symbol: .nifty)]

    private func query(_ text: String) -> SymbolQuery { SymbolQuery(text: text) }

    @Test("a response is kept for five minutes")
    func life() {
        var responses = SearchCache()
        responses.keep(nifty, of: query("a"), at: .seconds(10))
        #expect(responses.instruments(query("a"), at: .seconds(309)) == nifty)
        #expect(responses.instruments(query("a"), at: .seconds(310)) == nil)
        #expect(responses.instruments(query("b"), at: .seconds(11)) == nil)
    }

    @Test("the oldest are dropped first: many results, long results and expired ones")
    func room() {
        var responses = SearchCache(mostEntries: 3, mostInstruments: 5)
        for text in ["a", "b", "c", "d"] { responses.keep(nifty, of: query(text), at: .zero) }
        #expect(responses.count == 3 && responses.instruments(query("a"), at: .zero) == nil)
        responses.keep(Array(repeating: nifty[0], count: 4), of: query("e"), at: .zero)
        #expect(responses.count == 2 && responses.instrumentCount == 5)
        responses.keep(nifty, of: query("f"), at: .seconds(400))
        #expect(responses.count == 1 && responses.instrumentCount == 1)
    }

    @Test("the same request stored again counts once")
    func again() {
        var responses = SearchCache()
        for second in 0..<3 { responses.keep(nifty, of: query("a"), at: .seconds(second)) }
        #expect(responses.count == 1 && responses.instrumentCount == 1)
        #expect(responses.instruments(query("a"), at: .seconds(301)) == nifty)
    }
}

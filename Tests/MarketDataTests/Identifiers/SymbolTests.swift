import MarketData
import Testing

@Suite("Symbols")
struct SymbolTests {
    @Test(
        "a symbol is read in any case and written in upper case",
        arguments: [
            ("nse:nifty", "NSE:NIFTY"), ("NASDAQ:AAPL", "NASDAQ:AAPL"), ("nse:NIFTY1!", "NSE:NIFTY1!"),
            ("NSE:M&M", "NSE:M&M"),
        ])
    func reads(text: String, expected: String) throws {
        let symbol = try Symbol(text)
        #expect(symbol.description == expected)
        #expect(try Symbol(symbol.description) == symbol)
    }

    @Test(
        "text that is no symbol is a bad request that names the text",
        arguments: [
            "NIFTY", "NSE:", ":NIFTY", "NSE:NIF TY", "A:B:C", "NSE:NIFTY\n", "NSE:निफ्टी",
        ])
    func refuses(text: String) {
        let error = #expect(throws: MarketDataError.self) { try Symbol(text) }
        #expect(error?.code == .badRequest)
        #expect(error?.message.contains(text) == true)
    }

    @Test("an empty symbol and one of 200 letters are bad requests")
    func refusesLengths() {
        #expect(throws: MarketDataError.self) { try Symbol("") }
        #expect(throws: MarketDataError.self) { try Symbol("NSE:" + String(repeating: "A", count: 200)) }
    }

    @Test("symbols are ordered by exchange, then by ticker")
    func order() throws {
        let sorted = try ["NSE:B", "BSE:Z", "NSE:A"].map { try Symbol($0) }.sorted()
        #expect(sorted.map(\.description) == ["BSE:Z", "NSE:A", "NSE:B"])
    }

    @Test("a bare ticker of the book gets its exchange")
    func book() throws {
        #expect(try SymbolBook.symbol("nifty").description == "NSE:NIFTY")
        #expect(try SymbolBook.symbol("SENSEX").description == "BSE:SENSEX")
        #expect(try SymbolBook.symbol("NASDAQ:AAPL").description == "NASDAQ:AAPL")
    }

    @Test("a bare ticker outside the book is an error with suggestions, never a guess")
    func unknownTicker() {
        let error = #expect(throws: MarketDataError.self) { try SymbolBook.symbol("NIFT") }
        #expect(error?.code == .symbolNotFound)
        #expect(error?.suggestions.contains("NSE:NIFTY") == true)
    }

    @Test("a name of any length is refused at once, by its length", arguments: [129, 60_000, 2_000_000])
    func lengths(bytes: Int) {
        let name = String(repeating: "A", count: bytes)
        for read in [Symbol.init, SymbolBook.symbol] as [(String) throws -> Symbol] {
            let start = ContinuousClock.now
            #expect(throws: MarketDataError.self) { try read(name) }
            #expect(throws: MarketDataError.self) { try read("NSE:" + name) }
            #expect(ContinuousClock.now - start < .milliseconds(500))
        }
        #expect(throws: MarketDataError.self) { try Interval(name) }
    }
}

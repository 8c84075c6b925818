import MarketData
import Testing

@Suite("Symbols")
struct SymbolTests {
    @Test(
        "a symbol is read in any case and written in upper case",
        arguments: [
            ("nse:nifty", "NSE:NIFTY"), ("NASDAQ:AAPL", "NASDAQ:AAPL"), ("nse:NIFTY1!", "NSE:NIFTY1!"),
            ("NSE:M&M", "NSE:M_M"), ("nse:m_m", "NSE:M_M"), ("NSE:BAJAJ-AUTO", "NSE:BAJAJ_AUTO"),
            ("NSE:BAJAJ_AUTO", "NSE:BAJAJ_AUTO"), ("NSE:M&M1!", "NSE:M_M1!"), ("NSE:RELIANCE-EQ", "NSE:RELIANCE"),
            ("RELIANCE.NS", "NSE:RELIANCE"), ("reliance.ns", "NSE:RELIANCE"), ("M&M.NS", "NSE:M_M"),
            ("RELIANCE.BO", "BSE:RELIANCE"), ("NSE:NIFTY 50", "NSE:NIFTY"), ("NIFTY 50", "NSE:NIFTY"),
            ("Nifty Bank", "NSE:BANKNIFTY"), ("NSE:NIFTY BANK", "NSE:BANKNIFTY"), ("NSE:CNXFINANCE", "NSE:FINNIFTY"),
            ("NSE:NIFTY_MID_SELECT", "NSE:MIDCPNIFTY"), ("nse:india vix", "NSE:INDIAVIX"), ("^NSEI", "NSE:NIFTY"),
            ("NASDAQ:BRK-B", "NASDAQ:BRK-B"),
        ])
    func reads(text: String, expected: String) throws {
        let symbol = try Symbol(text)
        #expect(symbol.description == expected)
        #expect(try Symbol(symbol.description) == symbol)
    }

    @Test(
        "an invalid symbol is a bad request that names it",
        arguments: [
            "NIFTY", "NSE:", ":NIFTY", "NSE:NIF TY", "A:B:C", "NSE:NIFTY\n", "NSE:निफ्टी",
        ])
    func refuses(text: String) {
        let error = #expect(throws: MarketDataError.self) { try Symbol(text) }
        #expect(error?.code == .badRequest)
        #expect(error?.message.contains(text) == true)
    }

    @Test(
        "an expression of several symbols is reported as not supported",
        arguments: [
            "NSE:NIFTY/NSE:BANKNIFTY", "NIFTY/BANKNIFTY", "NSE:NIFTY1!-NSE:NIFTY2!", "2*NSE:NIFTY", "NSE:TCS+NSE:INFY",
        ])
    func expressions(text: String) {
        for read in [{ try Symbol(text) }, { try SymbolBook.symbol(text) }] {
            let error = #expect(throws: MarketDataError.self) { try read() }
            #expect(error?.code == .notSupported)
        }
    }

    @Test("a symbol from a wire or a store is not validated")
    func verbatim() {
        #expect(Symbol(verbatim: "NSE:CNXFINANCE")?.description == "NSE:CNXFINANCE")
        #expect(Symbol(verbatim: "NSE:M&M")?.description == "NSE:M&M")
        for text in ["", "NSE", "NSE:", "NSE:NIFTY 50", "A:B:C", String(repeating: "A", count: 60_000)] {
            #expect(Symbol(verbatim: text) == nil)
        }
    }

    @Test("a ticker of 60 kB is rejected without being parsed or repeated")
    func huge() {
        let text = "NSE:" + String(repeating: "é", count: 30_000)
        for read in [{ try Symbol(text) }, { try SymbolBook.symbol(text) }] {
            let error = #expect(throws: MarketDataError.self) { try read() }
            #expect(error?.code == .badRequest)
            #expect((error?.message.utf8.count ?? .max) < 200)
        }
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
        #expect(try SymbolBook.symbol("nifty 50").description == "NSE:NIFTY")
        #expect(try SymbolBook.symbol("tcs.ns").description == "NSE:TCS")
        #expect(try SymbolBook.symbol("NASDAQ:AAPL").description == "NASDAQ:AAPL")
    }

    @Test("a bare ticker outside the book is an error with suggestions")
    func unknownTicker() {
        let error = #expect(throws: MarketDataError.self) { try SymbolBook.symbol("NIFT") }
        #expect(error?.code == .symbolNotFound)
        #expect(error?.suggestions.contains("NSE:NIFTY") == true)
    }

    @Test("a name of any length is rejected at once by its length", arguments: [129, 60_000, 2_000_000])
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

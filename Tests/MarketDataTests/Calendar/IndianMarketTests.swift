import MarketData
import Testing

@Suite("Segments and usual hours of Indian exchanges")
struct IndianMarketTests {
    @Test(
        "contracts are derivatives by their names; indices and shares with digits are not",
        arguments: [
            ("NSE:NIFTY", TradingCalendar.Segment.cash), ("NSE:NIFTY200MOMENTM30", .cash), ("NSE:NIFTY500", .cash),
            ("NSE:CNX100", .cash), ("NSE:NIFTYMIDSML400", .cash), ("NSE:RELIANCE", .cash), ("NSE:BAJFINANCE", .cash),
            ("NSE:360ONE", .cash), ("NSE:NIFTY50EQUALWEIGHT", .cash), ("BSE:SENSEX50", .cash), ("BSE:500325", .cash),
            ("NSE:SGBDEC2026", .cash), ("NSE:M&M", .cash), ("NSE:NIFTYGS10YR", .cash),
            ("NSE:NIFTYZ2026", .derivatives), ("NSE:NIFTY1!", .derivatives), ("NSE:BANKNIFTY2!", .derivatives),
            ("NSE:M&M1!", .derivatives), ("NSE:NIFTY251230C26000", .derivatives),
            ("NSE:RELIANCE251230P1412.5", .derivatives),
            ("NSE:NIFTY26DECFUT", .derivatives), ("NSE:NIFTY30DEC26FUT", .derivatives),
            ("NSE:NIFTY26DEC26000CE", .derivatives), ("NSE:NIFTY30DEC2626000PE", .derivatives),
            ("NSE:NIFTY26D0126000CE", .derivatives), ("NSE:NIFTY2611326000PE", .derivatives),
            ("BSE:SENSEX26N2684000CE", .derivatives),
            ("NSE:USDINR", .currency), ("NSE:USDINR1!", .currency), ("NSE:USDINRZ2026", .currency),
        ])
    func names(text: String, segment: TradingCalendar.Segment) throws {
        #expect(try Symbol(text).segment == segment)
    }

    @Test("the source's type takes precedence over the name")
    func types() throws {
        let odd = try Symbol("NSE:INDEXZ2026")
        #expect(odd.segment(type: "index") == .cash)
        #expect(odd.segment(type: nil) == .derivatives)
        #expect(try Symbol("NSE:NIFTY").segment(type: "futures") == .derivatives)
        #expect(try Symbol("NSE:NIFTY").segment(type: "something new") == .cash)
    }

    @Test("the name of the underlying is the part before the contract's own")
    func roots() {
        #expect(ContractName("NIFTY251230C26000")?.root == "NIFTY")
        #expect(ContractName("NIFTY30DEC2626000PE")?.root == "NIFTY")
        #expect(ContractName("NIFTY26DEC26000CE")?.root == "NIFTY")
        #expect(ContractName("M&M1!")?.root == "M&M")
        #expect(ContractName("NIFTY251330C26000") == nil)
        #expect(ContractName("1!") == nil)
        #expect(ContractName(String(repeating: "9", count: 60_000) + "CE") == nil)
    }

    @Test(
        "usual hours are distinguished from others, whatever a source appends to them",
        arguments: [
            ("0915-1530", true), ("0915-1540", true), ("0915-1515", true), ("0915-1530#20260803/0915-1515", true),
            ("0915-1530:23456", true), ("0915-1515A1515-1535", true), ("0915-1530#20260803/0900-1700", false),
            ("0900-1700", false), ("0915-1530,1545-1700", false), ("24x7", false), ("0915-15", false), ("", false),
            ("0900-2330", false), ("0915-1530:23", false),
        ])
    func sessions(text: String, isUsual: Bool) throws {
        #expect(IndianMarket.isUsualSession(text) == isUsual)
        #expect(IndianMarket.keepsUsualHours(try Symbol("NSE:NIFTY"), session: text) == isUsual)
        #expect(!IndianMarket.keepsUsualHours(try Symbol("MCX:GOLD1!"), session: text))
    }

    @Test("an interval's shortest and longest length bound the duration of a bar")
    func lengths() throws {
        let expected: [(String, Int64, Int64)] = [
            ("15s", 15, 15), ("10m", 600, 600), ("1h", 3600, 3600), ("1d", 86_400, 86_400), ("1w", 604_800, 604_800),
            ("1M", 28 * 86_400, 31 * 86_400), ("3M", 84 * 86_400, 93 * 86_400), ("2d", 172_800, 11 * 86_400),
        ]
        for (text, shortest, longest) in expected {
            let interval = try Interval(text)
            #expect(interval.shortestSeconds == shortest && interval.longestSeconds == longest, "\(text)")
        }
        #expect(try Interval("1M").parts(of: .oneDay) == 31)
    }
}

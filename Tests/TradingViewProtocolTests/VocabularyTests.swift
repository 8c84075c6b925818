import MarketData
import Testing

@testable import TradingViewProtocol

@Suite("Resolutions and symbol specifications")
struct VocabularyTests {
    @Test(
        "intervals convert to wire codes and back",
        arguments: [
            ("5m", "5", true), ("1m", "1", true), ("1h", "60", true), ("4h", "240", true), ("1d", "1D", true),
            ("1w", "1W", true), ("1M", "1M", true), ("15s", "15S", true), ("10m", "10", false), ("2d", "2D", false),
            ("90m", "90", false), ("6h", "360", false), ("7s", "7S", false), ("3M", "3M", true),
        ]
    )
    func resolutions(_ text: String, _ code: String, _ isNative: Bool) throws {
        let interval = try Interval(text)
        let resolution = Resolution(interval)
        #expect(resolution.code == code && resolution.isNative == isNative)
        #expect(Resolution(code: code).interval == interval)
        #expect(resolution.isFree == (isNative && interval.unit != .second))
    }

    @Test(
        "reads other spellings that the server accepts",
        arguments: [("D", "1d"), ("W", "1w"), ("M", "1M"), ("1H", "1h")])
    func otherCodes(_ code: String, _ text: String) throws {
        #expect(Resolution(code: code).interval == (try Interval(text)))
    }

    @Test("an invalid resolution has no interval", arguments: ["", "XX", "1h", "5m", "1T", "10R", "0", "-5", "999999"])
    func nonsense(_ code: String) {
        #expect(Resolution(code: code).interval == nil && !Resolution(code: code).isNative)
    }

    @Test("a plain specification is the symbol itself")
    func plain() {
        #expect(SymbolSpecification("NSE:NIFTY").text == "NSE:NIFTY")
        #expect(SymbolSpecification(text: "NSE:NIFTY") == SymbolSpecification("NSE:NIFTY"))
    }

    @Test("a specification with everything reads back the same, with quotes in the symbol too")
    func everything() {
        let specification = SymbolSpecification(
            "CME_MINI:ES1!\"\\",
            adjustment: .dividends,
            hours: .extended,
            currency: "INR",
            backAdjusted: true,
            settlementAsClose: false,
            unit: "KG"
        )
        #expect(specification.text.hasPrefix("={\"adjustment\":\"dividends\",\"backadjustment\":\"default\","))
        #expect(SymbolSpecification(text: specification.text) == specification)
    }

    @Test("a request always has adjustment and session hours")
    func request() {
        let request = BarRequest(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), interval: .oneDay, span: .count(5), hours: .extended)
        #expect(
            SymbolSpecification(request).text
                == "={\"adjustment\":\"splits\",\"session\":\"extended\",\"symbol\":\"NSE:NIFTY\"}")
    }

    @Test("the symbol is found in a chart type and in a replay")
    func nested() {
        let text =
            "={\"type\":\"BarSetHeikenAshi@tv-basicstudies-60!\",\"symbol\":{\"symbol\":\"A:B\",\"adjustment\":\"none\"}}"
        #expect(SymbolSpecification(text: text) == SymbolSpecification("A:B", adjustment: Adjustment.none))
    }

    @Test("text without a symbol is not a specification", arguments: ["", "=", "={", "={}", "={\"symbol\":5}", "=[]"])
    func empty(_ text: String) {
        #expect(SymbolSpecification(text: text) == nil)
    }
}

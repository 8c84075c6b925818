import MarketData
import Testing

@testable import UpstreamSimulator

@Suite("The scanner's technical columns")
struct TechnicalColumnsTests {
    private static func bars(_ closes: [Double]) -> [Bar] {
        closes.enumerated().map { index, close in
            Bar(
                time: Timestamp(seconds: Int64(index) * 86_400), open: close, high: close + 1, low: close - 1,
                close: close, volume: nil, isFinal: true)
        }
    }

    private static let rising = TechnicalColumns(bars: bars((0..<260).map { 100 + Double($0) }))
    private static let flat = TechnicalColumns(bars: bars(Array(repeating: 100, count: 260)))

    @Test("averages the newest closes")
    func averages() {
        #expect(TechnicalColumnsTests.rising.value("SMA10") == 354.5)
        #expect(TechnicalColumnsTests.flat.value("EMA20") == 100)
        #expect(TechnicalColumns(bars: TechnicalColumnsTests.bars([1, 2, 3])).value("SMA5") == nil)
    }

    @Test("measures strength, momentum and place within the range")
    func oscillators() {
        #expect(TechnicalColumnsTests.rising.value("RSI") == 100)
        #expect(TechnicalColumnsTests.flat.value("RSI") == 50)
        #expect(TechnicalColumnsTests.rising.value("Mom") == 10)
        #expect(TechnicalColumnsTests.flat.value("Stoch.K") == 50)
        #expect(TechnicalColumnsTests.flat.value("CCI20") == nil)
        #expect(TechnicalColumnsTests.flat.value("MACD.macd") == 0)
    }

    @Test("rates a rising market a buy by its averages")
    func ratings() {
        #expect(TechnicalColumnsTests.rising.value("Recommend.MA") == 1)
        #expect(TechnicalColumnsTests.flat.value("Recommend.MA") == 0)
    }

    @Test("reads the interval behind the bar")
    func intervals() throws {
        #expect(try #require(TechnicalColumns.Name("RSI[1]|60")).interval == .oneHour)
        #expect(try #require(TechnicalColumns.Name("RSI")).interval == .oneDay)
        #expect(TechnicalColumns.knows("EMA200|15"))
        #expect(!TechnicalColumns.knows("EMA7"))
        #expect(TechnicalColumns.knows("close|60"))
        #expect(!TechnicalColumns.computes("close"))
        #expect(TechnicalColumnsTests.rising.value("change_abs") == 1)
        #expect(!TechnicalColumns.knows("RSI|soon"))
    }
}

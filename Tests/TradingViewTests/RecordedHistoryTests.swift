import Foundation
import MarketData
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@Suite("A recorded history", .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
struct RecordedHistoryTests {
    @Test("gives the recorded bars of Apple to the last digit, with the feed that sent them")
    func apple() async throws {
        let folder = try Captures.copies(of: "mktcli-history-ok")
        defer { try? FileManager.default.removeItem(at: folder) }
        var upstream = SimulatorConfiguration()
        upstream.recording = folder.path
        let request = BarRequest(
            symbol: Symbol(exchange: "NASDAQ", ticker: "AAPL"), interval: .oneDay, span: .count(5))
        let series = try await Simulated.withClient(of: upstream) { try await $0.bars(request) }
        let times: [Int64] = [1_786_714_200, 1_786_973_400, 1_787_059_800, 1_787_146_200, 1_787_232_600]
        #expect(series.bars.map(\.time.seconds) == times)
        #expect(series.bars.map(\.open) == [306, 306.21, 307.58, 310.14, 317.455])
        #expect(series.bars.map(\.high) == [307.49, 307.66, 311.49, 319.2799, 320.28])
        #expect(series.bars.map(\.low) == [304.3, 302.939, 305.74, 309.6, 310.65])
        #expect(series.bars.map(\.close) == [305.93, 305.59, 310.03, 316.83, 311.3])
        #expect(series.bars.map(\.volume) == [28_229_375, 38_169_263, 53_424_535, 50_505_646, 40_959_184])
        #expect(series.bars.map(\.isFinal) == Array(repeating: true, count: 5))
        #expect(series.provenance.feed == "BATS:AAPL")
        #expect(series.isComplete)
        #expect(series.instrument?.timeZone == "America/New_York")
    }
}

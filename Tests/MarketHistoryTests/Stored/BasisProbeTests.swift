import MarketData
import MarketStore
import Testing

@testable import MarketHistory

@Suite("Stored bars that are compared with an answer")
struct BasisProbeTests {
    private static let key = SeriesKey(symbol: .nifty, interval: .oneMinute)
    /// 2026-07-01 09:15 in India.
    private static let opening = Timestamp(seconds: 1_782_877_500)
    private static let now = opening.advanced(bySeconds: 86_400)

    private static func time(_ minute: Int64) -> Timestamp { opening.advanced(bySeconds: minute * 60) }

    private func probe(around minutes: Range<Int64>) async throws -> BasisProbe {
        let store = try SQLiteMarketStore.inMemory(contents: .simulated)
        let bars = (10..<20).map { (minute: Int64) in
            Bar(time: Self.time(minute), open: 1, high: 2, low: 1, close: 2, volume: nil, isFinal: true)
        }
        let provenance = Provenance(
            source: .mock, feed: nil, mode: .simulated, delaySeconds: 0, asOf: Self.opening.advanced(bySeconds: 3_600))
        // As a file brings them: of the time between nothing is said.
        try await store.write(BarRun(key: Self.key, bars: bars, provenance: provenance, coverage: CoverageMap()))
        let span = TimeRange(from: Self.time(minutes.lowerBound), to: Self.time(minutes.upperBound))
        return try await BasisProbe(around: span, of: Self.key, in: store, now: Self.now)
    }

    @Test("those within the span are compared, and nothing more is asked for because of them")
    func inside() async throws {
        let probe = try await probe(around: 0..<30)
        #expect(probe.stored.map(\.time) == [10, 11, 12].map(Self.time))
        #expect(probe.range == TimeRange(from: Self.time(0), to: Self.time(30)))
    }

    @Test("three on either side are asked for again")
    func beside() async throws {
        let after = try await probe(around: 20..<30)
        #expect(after.stored.map(\.time) == [17, 18, 19].map(Self.time))
        #expect(after.range.from == Self.time(17))
        let before = try await probe(around: 0..<10)
        #expect(before.stored.map(\.time) == [10, 11, 12].map(Self.time))
        #expect(before.range.to == Timestamp(milliseconds: Self.time(12).milliseconds + 1))
    }
}

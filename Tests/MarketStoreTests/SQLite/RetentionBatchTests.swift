import MarketData
import MarketStore
import Testing

@Suite("Letting go of much")
struct RetentionBatchTests {
    private static let key = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), interval: .oneMinute)
    private static let other = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "TCS"), interval: .oneMinute)
    private static let count = 90_000

    private func run(_ key: SeriesKey, _ minutes: Range<Int>) -> BarRun {
        let bars = minutes.map { minute in
            Bar(
                time: Timestamp(seconds: Int64(minute) * 60), open: 1, high: 2, low: 1, close: 2, volume: nil,
                isFinal: true)
        }
        let provenance = Provenance(
            source: .tradingview, feed: nil, mode: .streaming, delaySeconds: 0,
            asOf: Timestamp(seconds: Int64(Self.count) * 60))
        let range = TimeRange(
            from: Timestamp(seconds: Int64(minutes.lowerBound) * 60),
            to: Timestamp(seconds: Int64(minutes.upperBound) * 60))
        return BarRun(
            key: key, bars: bars, provenance: provenance, coverage: CoverageMap([CoverageSpan(range, .had)]))
    }

    private func counts(_ store: SQLiteMarketStore) async throws -> [SeriesKey: Int] {
        Dictionary(uniqueKeysWithValues: try await store.series().map { ($0.key, $0.bars) })
    }

    @Test("a writer gets its turn before all is gone, and what is left at any moment is known for what it is")
    func turns() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteMarketStore.open(folder: folder.path)
        try await store.write(run(Self.key, 0..<Self.count))
        let end = Timestamp(seconds: Int64(Self.count) * 60)
        let removal = Task { try await store.letGo(of: Self.key, before: end) }
        var seen: [Int] = []
        var written = 0
        while seen.last != 0 {
            try await store.write(run(Self.other, written..<(written + 1)))
            written += 1
            seen.append(try await counts(store)[Self.key] ?? 0)
        }
        #expect(try await removal.value == Self.count)
        #expect(seen.contains { 0 < $0 && $0 < Self.count }, "a writer waited until all was gone: \(seen)")
        #expect(try await counts(store)[Self.other] == written)
        let coverage = try await store.coverage(of: Self.key)
        #expect(coverage.spans.map(\.state) == [.removed])
        #expect(try await store.check().isEmpty)
    }

    @Test("an end in between leaves no bar without coverage, and the rest goes the next time")
    func cancelled() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteMarketStore.open(folder: folder.path)
        try await store.write(run(Self.key, 0..<Self.count))
        let end = Timestamp(seconds: Int64(Self.count) * 60)
        let removal = Task { try await store.letGo(of: Self.key, before: end) }
        while try await counts(store)[Self.key] == Self.count { await Task.yield() }
        removal.cancel()
        _ = try? await removal.value
        let left = try await store.bars(of: Self.key, in: .always).bars
        let coverage = try await store.coverage(of: Self.key)
        if let first = left.first {
            #expect(coverage.state(at: first.time) == .had)
            #expect(coverage.state(at: first.time.advanced(bySeconds: -60)) == .removed)
        }
        #expect(try await store.check().isEmpty)
        #expect(try await store.letGo(of: Self.key, before: end) == left.count)
    }
}

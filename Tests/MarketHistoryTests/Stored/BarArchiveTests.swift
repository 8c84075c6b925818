import Logging
import MarketData
import MarketStore
import MockMarket
import TestSupport
import Testing

@testable import MarketHistory

@Suite("The archive of live bars")
struct BarArchiveTests {
    private static let key = SeriesKey(symbol: .nifty, interval: .oneMinute)

    private func archive(_ store: SQLiteMarketStore) -> BarArchive {
        let now = Timestamp(seconds: 400 * 60)
        return BarArchive(StoredHistory(CountingSource(now: now), cache: .over(store), clock: { now }))
    }

    @Test(
        "first and final bars of a live series are stored, a forming bar as not final")
    func live() async throws {
        let store = try SQLiteMarketStore.inMemory()
        let archive = archive(store)
        let repaired = TimeRange(from: Timestamp(seconds: 302 * 60), to: Timestamp(seconds: 304 * 60))
        let events: [BarEvent] = [
            .snapshot(.minutes(1...300)), .bar(.at(301, close: 7, final: false)), .bar(.at(301, close: 8)),
            .bar(.at(301, close: 8)), .repaired(repaired, [.at(302), .at(303)]),
        ]
        for event in events { archive.received(event, of: .minutes(300)) }
        #expect(archive.report.live.waiting == 3)
        await archive.flush()
        await archive.flush()
        let stored = try await store.bars(of: Self.key, in: .always)
        #expect(stored.bars.map(\.time.seconds) == (1...303).map { $0 * 60 })
        #expect(stored.bars.allSatisfy { $0.isFinal })
        #expect(stored.bars[300].close == 8)
        #expect(stored.stretches.allSatisfy { $0.provenance.source == .tradingview })
        let had = TimeRange(from: Timestamp(seconds: 301 * 60), to: Timestamp(seconds: 304 * 60))
        let survey = try await SeriesSurvey(
            of: Self.key, over: had, in: store, boundaries: nil, now: Timestamp(seconds: 1_000_000))
        #expect(survey.missing.isEmpty)
        #expect(archive.report.live.written == 3)
        #expect(archive.report.live.waiting == 0)
    }

    @Test("waiting bars are written when the service ends")
    func shutdown() async throws {
        let store = try SQLiteMarketStore.inMemory()
        let archive = archive(store)
        let service = Task { try await archive.run() }
        archive.received(.snapshot(.minutes(1...10)), of: .minutes(300))
        archive.received(.bar(.at(11)), of: .minutes(300))
        service.cancel()
        try await service.value
        #expect(try await store.bars(of: Self.key, in: .always).bars.count == 11)
    }

    @Test("gaps among the newest stored bars are fetched after the start")
    func repairAtStart() async throws {
        // 2026-07-29, a Wednesday, 11:02:30 in India.
        let now = Timestamp(seconds: 1_785_263_400 + 11 * 3600 + 150)
        let store = try SQLiteMarketStore.inMemory(contents: .simulated)
        let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(300))
        let earlier = now.advanced(bySeconds: -2 * 86_400)
        let before = StoredHistory(CountingSource(now: earlier), cache: .over(store), clock: { earlier })
        _ = try await before.bars(request)
        let source = CountingSource(now: now)
        let history = StoredHistory(source, cache: .over(store), clock: { now })
        let archive = BarArchive(history)
        let service = Task { try await archive.run() }
        try await waitUntil("the repair is done") { archive.report.repair.done == 1 }
        service.cancel()
        try await service.value
        // Two sessions' worth, the bar that was forming, and an overlap of three.
        #expect(source.barsReturned <= 2 * 75 + 4)
        let quiet = CountingSource(now: now)
        let series = try await StoredHistory(quiet, cache: .over(store), clock: { now }).bars(request)
        #expect(series.bars == (try await CountingSource(now: now).bars(request)).bars)
        #expect(quiet.barsReturned <= 4)
    }

    @Test("a read-only store is not changed")
    func readOnly() async throws {
        let store = try SQLiteMarketStore.inMemory(contents: .simulated)
        let now = Timestamp(seconds: 1_785_263_400 + 11 * 3600 + 150)
        let cache = BarCache.over(store, isReadOnly: true)
        let history = StoredHistory(CountingSource(now: now), cache: cache, clock: { now })
        let series = try await history.bars(
            BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(20)))
        #expect(series.bars.count == 20)
        #expect(try await store.series().isEmpty)
    }
}

import MarketData
import MarketStore
import Synchronization
import TestSupport
import Testing

@testable import MarketHistory

/// Live bars after a split, with bars from before it in the store.
@Suite("Live bars after a price adjustment")
struct LivePriceAdjustmentTests {
    /// 2026-07-29, a Wednesday, 11:02:30 in India.
    private static let before = Timestamp(seconds: 1_785_263_400 + 11 * 3600 + 150)
    /// The next day, 09:31 in India.
    private static let after = before.advanced(bySeconds: 86_400 - 5_490)
    private static let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)

    private let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func counted(_ count: Int) -> BarRequest {
        BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(count))
    }

    /// A source whose prices are halved.
    private func split(now: Timestamp) -> CountingSource {
        CountingSource(now: now) { _, series in
            var series = series
            series.bars = series.bars.map(\.halved)
            return series
        }
    }

    /// An archive over a store that holds the bars of before the split.
    private func archive() async throws -> BarArchive {
        let history = StoredHistory(CountingSource(now: Self.before), cache: .over(store), clock: { Self.before })
        _ = try await history.bars(counted(200))
        return BarArchive(StoredHistory(split(now: Self.after), cache: .over(store), clock: { Self.after }))
    }

    private func closes() async throws -> [Double] {
        try await store.bars(of: Self.key, in: .always).bars.filter(\.isFinal).map(\.close)
    }

    private func repaired(_ archive: BarArchive) async throws {
        let service = Task { try await archive.run() }
        try await waitUntil("the series was looked through") { archive.report.repair.done > 0 }
        service.cancel()
        try await service.value
    }

    /// All that is stored is on the new basis, and reaches up to a bar.
    private func expectNewBasis(through last: Timestamp) async throws {
        let source = split(now: Self.after)
        let stored = try await store.bars(of: Self.key, in: .always).bars.filter(\.isFinal)
        let first = try #require(stored.first).time
        let range = TimeRange(from: first, to: last.advanced(bySeconds: 1))
        var request = counted(1)
        request.span = .range(range)
        #expect(stored.map(\.close) == (try await source.bars(request)).bars.map(\.close))
    }

    @Test("first bars with another adjustment begin a new generation")
    func snapshot() async throws {
        let archive = try await archive()
        let series = try await split(now: Self.after).bars(counted(300))
        let last = try #require(series.bars.filter(\.isFinal).last)
        archive.received(.snapshot(series), of: counted(300))
        archive.received(.bar(last), of: counted(300))
        #expect(await archive.flush().isEmpty)
        try await expectNewBasis(through: last.time)
        #expect(try await store.generation(of: Self.key) == 1)
        #expect(archive.report.rebased == 1)
        #expect(archive.report.live.waiting == 0)
    }

    @Test("first bars without an overlap are not stored before the series is checked")
    func noOverlap() async throws {
        let archive = try await archive()
        let former = try await closes()
        let series = try await split(now: Self.after).bars(counted(3))
        archive.received(.snapshot(series), of: counted(3))
        #expect(await archive.flush() == [Self.key])
        #expect(try await closes() == former)
        try await repaired(archive)
        try await expectNewBasis(through: try #require(series.bars.filter(\.isFinal).last).time)
    }

    @Test(
        "bars after a lost connection, a gap or a night are fetched with an overlap",
        arguments: 0...2)
    func afterBreak(kind: Int) async throws {
        let archive = try await archive()
        let known = try await store.newestBars(of: Self.key, count: 10).bars.filter(\.isFinal)
        let provenance = Provenance(
            source: .mock, feed: nil, mode: .simulated, delaySeconds: 0, asOf: Self.before)
        let request = counted(10)
        archive.received(.snapshot(BarSeries(request: request, bars: known, provenance: provenance)), of: request)
        await archive.flush()
        let former = try await closes()
        let fresh = try await split(now: Self.after).bars(counted(3)).bars.filter(\.isFinal)
        let span = TimeRange(from: try #require(fresh.first).time, to: Self.after)
        switch kind {
        case 0:
            for state in [SourceStatus.State.reconnecting, .connected] {
                archive.received(
                    .status(SourceStatus(source: .mock, state: state, since: Self.after)), of: request)
            }
            archive.received(.repaired(span, fresh), of: request)
        case 1:
            archive.received(.gap(span), of: request)
            archive.received(.repaired(span, fresh), of: request)
        default:
            for bar in fresh { archive.received(.bar(bar), of: request) }
        }
        await archive.flush()
        #expect(try await closes() == former)
        try await repaired(archive)
        try await expectNewBasis(through: try #require(fresh.last).time)
        #expect(archive.report.rebased == 1)
    }

    @Test("live bars of a repaired series are stored again at once")
    func afterwards() async throws {
        let archive = try await archive()
        let series = try await split(now: Self.after).bars(counted(300))
        archive.received(.snapshot(series), of: counted(300))
        try await repaired(archive)
        var next = try #require(series.bars.last)
        next.isFinal = true
        archive.received(.bar(next), of: counted(300))
        await archive.flush()
        #expect(try await store.newestBars(of: Self.key, count: 1).bars.map(\.time) == [next.time])
        #expect(archive.report.live.written == 1)
    }

    @Test(
        "a series that could not be repaired is retried later, whatever the reason",
        arguments: [MarketDataError.Code.upstreamUnavailable, .symbolNotFound])
    func again(_ code: MarketDataError.Code) async throws {
        _ = try await archive()
        let refusals = Atomic(3)
        let source = CountingSource(now: Self.after) { _, series in
            if refusals.subtract(1, ordering: .relaxed).oldValue > 0 {
                throw MarketDataError(code, "away", source: .mock)
            }
            var series = series
            series.bars = series.bars.map(\.halved)
            return series
        }
        let history = StoredHistory(source, cache: .over(store), clock: { Self.after })
        let archive = BarArchive(history, shortestPause: .milliseconds(10))
        let series = try await split(now: Self.after).bars(counted(3))
        archive.received(.snapshot(series), of: counted(3))
        try await repaired(archive)
        #expect(archive.report.repair.failed == 3)
        try await expectNewBasis(through: try #require(series.bars.filter(\.isFinal).last).time)
    }

    @Test("bars that a full disk refused, live and in the repair after that, are repaired again")
    func fullDisk() async throws {
        _ = try await archive()
        let refusing = RefusingStore(store, refusals: 2)
        let history = StoredHistory(split(now: Self.after), cache: .over(refusing), clock: { Self.after })
        let archive = BarArchive(history, shortestPause: .milliseconds(10))
        let series = try await split(now: Self.after).bars(counted(300))
        archive.received(.snapshot(series), of: counted(300))
        #expect(await archive.flush() == [Self.key])
        try await repaired(archive)
        #expect(archive.report.lastFailure != nil)
        try await expectNewBasis(through: try #require(series.bars.filter(\.isFinal).last).time)
    }

    @Test("first bars of which one equals the stored one are stored at once, with corrections")
    func correction() async throws {
        let archive = try await archive()
        var series = try await CountingSource(now: Self.after).bars(counted(300))
        series.bars[3].close = series.bars[3].low
        archive.received(.snapshot(series), of: counted(300))
        await archive.flush()
        let last = try #require(series.bars.filter(\.isFinal).last)
        let kept = try await store.newestBars(of: Self.key, count: 2).bars.filter(\.isFinal)
        #expect(kept.last?.time == last.time)
    }
}

extension Bar {
    fileprivate var halved: Bar {
        var bar = self
        bar.open /= 2
        bar.high /= 2
        bar.low /= 2
        bar.close /= 2
        return bar
    }
}

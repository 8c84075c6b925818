import MarketData
import MarketHistory
import MarketStore
import Synchronization
import TestSupport
import Testing

@Suite("Stored history while the source is down")
struct UpstreamDownTests {
    /// 2026-07-29, a Wednesday, 11:02:30 in India.
    private static let now = Timestamp(seconds: 1_785_263_400 + 11 * 3600 + 150)

    private let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func history(_ source: CountingSource, now: Timestamp = now) -> StoredHistory {
        StoredHistory(source, cache: .over(store), clock: { now })
    }

    private func away(_ code: MarketDataError.Code = .upstreamUnavailable, now: Timestamp = now) -> CountingSource {
        CountingSource(now: now) { _, _ in throw MarketDataError(code, "away", source: .mock) }
    }

    private func request(_ span: BarRequest.Span) -> BarRequest {
        BarRequest(symbol: .nifty, interval: .fiveMinutes, span: span)
    }

    private func code(_ history: StoredHistory, _ request: BarRequest) async -> MarketDataError.Code? {
        do {
            _ = try await history.bars(request)
            return nil
        } catch {
            return (error as? MarketDataError)?.code
        }
    }

    @Test("an empty store returns the source's error")
    func nothing() async throws {
        #expect(await code(history(away()), request(.count(100))) == .upstreamUnavailable)
        let range = TimeRange(from: Self.now.advanced(bySeconds: -86_400), to: Self.now)
        #expect(await code(history(away()), request(.range(range))) == .upstreamUnavailable)
    }

    @Test("stored bars of the window are returned, and the missing end is a gap")
    func newest() async throws {
        let first = try await history(CountingSource(now: Self.now)).bars(request(.count(100)))
        let later = Self.now.advanced(bySeconds: 1800)
        let series = try await history(away(now: later), now: later).bars(request(.count(100)))
        let finals = first.bars.filter(\.isFinal)
        // 100 bars of the window up to now: the oldest of what was stored have left it.
        #expect(series.bars == Array(finals.suffix(series.bars.count)))
        #expect(series.bars.count == 93)
        #expect(!series.isComplete)
        #expect(series.provenance.source == .store)
        #expect(series.provenance.asOf == first.provenance.asOf)
        let gap = try #require(series.gaps.first)
        #expect(series.gaps.count == 1)
        #expect(gap.reason == "upstream_unavailable")
        #expect(gap.range == TimeRange(from: try #require(finals.last).time.advanced(bySeconds: 300), to: later))
    }

    @Test("old stored bars are not returned as the newest")
    func stale() async throws {
        _ = try await history(CountingSource(now: Self.now)).bars(request(.count(100)))
        let later = Self.now.advanced(bySeconds: 7 * 86_400)
        #expect(await code(history(away(now: later), now: later), request(.count(100))) == .upstreamUnavailable)
    }

    @Test("a partly stored range has a gap whose reason is the error's code")
    func half() async throws {
        let day = TimeRange(from: Self.now.advanced(bySeconds: -2 * 86_400), to: Self.now.advanced(bySeconds: -86_400))
        let first = try await history(CountingSource(now: Self.now)).bars(request(.range(day)))
        let two = TimeRange(from: day.from.advanced(bySeconds: -2 * 86_400), to: day.to)
        let series = try await history(away(.throttled)).bars(request(.range(two)))
        #expect(series.bars == first.bars)
        #expect(series.gaps.map(\.reason) == ["throttled"])
        let oldest = try #require(first.bars.first).time
        #expect(series.gaps.allSatisfy { $0.range.to <= oldest && $0.range.from >= two.from })
    }

    @Test("a fully stored range is complete")
    func whole() async throws {
        let day = TimeRange(from: Self.now.advanced(bySeconds: -2 * 86_400), to: Self.now.advanced(bySeconds: -86_400))
        let first = try await history(CountingSource(now: Self.now)).bars(request(.range(day)))
        let second = try await history(away()).bars(request(.range(day)))
        #expect(second.bars == first.bars)
        #expect(second.isComplete)
    }

    @Test("an invalid request is an error, whatever is stored")
    func unknownSymbol() async throws {
        _ = try await history(CountingSource(now: Self.now)).bars(request(.count(100)))
        let later = Self.now.advanced(bySeconds: 1800)
        let refusing = history(away(.symbolNotFound, now: later), now: later)
        #expect(await code(refusing, request(.count(100))) == .symbolNotFound)
    }

    @Test("without a calendar, recent stored bars are returned as the newest")
    func noCalendar() async throws {
        let cache = BarCache.over(store, calendars: SeriesCalendars { _ in nil })
        let source = StoredHistory(CountingSource(now: Self.now), cache: cache, clock: { Self.now })
        let first = try await source.bars(request(.count(50)))
        let later = Self.now.advanced(bySeconds: 900)
        let dark = StoredHistory(away(now: later), cache: cache, clock: { later })
        let series = try await dark.bars(request(.count(40)))
        #expect(series.bars == first.bars.filter(\.isFinal).suffix(series.bars.count))
        #expect(!series.bars.isEmpty)
        #expect(series.gaps.map(\.reason) == ["upstream_unavailable"])
        let muchLater = Self.now.advanced(bySeconds: 86_400)
        let darker = StoredHistory(away(now: muchLater), cache: cache, clock: { muchLater })
        #expect(await code(darker, request(.count(60))) == .upstreamUnavailable)
    }

    @Test("a coarser interval is built from stored finer bars and marked as built")
    func coarser() async throws {
        let days = TimeRange(from: Self.now.advanced(bySeconds: -6 * 86_400), to: Self.now.advanced(bySeconds: -86_400))
        _ = try await history(CountingSource(now: Self.now)).bars(request(.range(days)))
        let part = TimeRange(from: days.from.advanced(bySeconds: 86_400), to: days.to)
        var hourly = request(.range(part))
        hourly.interval = .oneHour
        let series = try await history(away()).bars(hourly)
        let own = try await CountingSource(now: Self.now).bars(hourly)
        // The last bar of the range reaches beyond what is stored.
        #expect(series.bars.dropLast() == own.bars.dropLast())
        #expect(series.bars.count == own.bars.count)
        #expect(series.builtFrom == .fiveMinutes)
        #expect(series.provenance.source == .store)
        var unstored = hourly
        unstored.symbol = .bankNifty
        #expect(await code(history(away()), unstored) == .upstreamUnavailable)
    }
}

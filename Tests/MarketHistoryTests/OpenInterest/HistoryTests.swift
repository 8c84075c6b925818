import MarketData
import MarketStore
import TestSupport
import Testing

@testable import MarketHistory
@testable import MarketHub

@Suite("History of open interest")
struct HistoryTests {
    /// Monday to Friday of the week before the session.
    private static let week = (0..<5).map { RecordedSession.session.date.advanced(byDays: $0 - 7) }

    private static func opening(of day: CalendarDate) -> Timestamp {
        RecordedSession.calendar.timestamp(day, ClockTime(hour: 9, minute: 15))
    }

    private static var range: TimeRange {
        TimeRange(from: opening(of: week[0]), to: RecordedSession.session.opens)
    }

    private func hub(_ source: DayFileSource, _ store: any OpenInterestStore & SnapshotIndexStore) -> MarketHub {
        MarketHub(
            history: [], openInterest: [source], live: [], search: [],
            openInterestCache: OpenInterestCache(store: store, isReadOnly: false, logger: .quiet),
            asOf: AsOfRule(calendar: RecordedSession.calendar), logger: .quiet,
            clock: { RecordedSession.minute(60) })
    }

    private func history(_ hub: MarketHub) async throws -> [OpenInterestSnapshot] {
        try await hub.openInterestHistory(of: .nifty, expiry: SteppingSource.expiry, within: HistoryTests.range)
    }

    @Test("a day's file is requested once and then served from the store")
    func requestedOnce() async throws {
        let store = try SQLiteMarketStore.inMemory()
        let first = DayFileSource()
        let fresh = try await history(hub(first, store))
        #expect(first.days == HistoryTests.week)
        #expect(fresh.map(\.provenance.source) == Array(repeating: .nse, count: 5))
        let second = DayFileSource()
        let again = try await history(hub(second, store))
        #expect(second.days == [])
        #expect(again.map(\.provenance.asOf) == fresh.map(\.provenance.asOf))
        #expect(again.allSatisfy { $0.provenance.source == .store && $0.provenance.mode == .endOfDay })
    }

    @Test("only the days that are missing are requested")
    func missing() async throws {
        let store = try SQLiteMarketStore.inMemory()
        for day in [HistoryTests.week[1], HistoryTests.week[3]] {
            try await store.append(DayFileSource.close(of: day, .nifty, SteppingSource.expiry))
        }
        let source = DayFileSource()
        let found = try await history(hub(source, store))
        #expect(source.days == [0, 2, 4].map { HistoryTests.week[$0] })
        #expect(found.count == 5)
        #expect(found.map(\.provenance.asOf) == found.map(\.provenance.asOf).sorted())
    }

    @Test("no file is requested for days that another source recorded")
    func recorded() async throws {
        let store = try SQLiteMarketStore.inMemory()
        for day in HistoryTests.week {
            for step in 0..<3 {
                let stamp = HistoryTests.opening(of: day).advanced(bySeconds: Int64(step) * 180)
                try await store.append(DayFileSource.snapshot(at: stamp))
            }
        }
        let source = DayFileSource()
        #expect(try await history(hub(source, store)).count == 15)
        #expect(source.days == [])
    }

    @Test("no close is requested for the present day or days after the expiry")
    func notOver() {
        let range = TimeRange(from: RecordedSession.minute(-4_000), to: RecordedSession.minute(20_000))
        let closes = MissingCloses(
            of: SteppingSource.expiry, within: range, stamps: [], calendar: RecordedSession.calendar,
            now: RecordedSession.minute(60))
        #expect(closes.days(of: .nse) == [HistoryTests.week[4]])
        // All of time is some six years of a contract's life.
        let always = MissingCloses(
            of: SteppingSource.expiry, within: .always, stamps: [], calendar: RecordedSession.calendar,
            now: RecordedSession.minute(60))
        #expect((1_200..<1_700).contains(always.days(of: .nse).count))
        #expect(always.days(of: .nse).last == HistoryTests.week[4])
    }

    @Test("a long history is read page by page, with the totals of each snapshot")
    func pages() async throws {
        let store = try SQLiteMarketStore.inMemory()
        let count = OpenInterestCache.pageSize * 3 + 1
        let opening = HistoryTests.opening(of: HistoryTests.week[0])
        for minute in 0..<count {
            try await store.append(DayFileSource.snapshot(at: opening.advanced(bySeconds: Int64(minute) * 60)))
        }
        let counting = CountingStore(store)
        let hub = hub(DayFileSource(), counting)
        let strike = Strike(tenThousandths: 240_500_000)
        let totals = try await hub.openInterestTotals(
            of: .nifty, expiry: SteppingSource.expiry, within: HistoryTests.range, following: strike)
        #expect(totals.count == count)
        #expect(counting.mostAtOnce == OpenInterestCache.pageSize)
        let whole = try await history(hub)
        #expect(totals == whole.map { OpenInterestTotals($0, following: strike) })
        #expect(totals.allSatisfy { $0.followed?.strike == strike && $0.nearestStrikes.isEmpty })
    }

    @Test("history of an instrument without options is not supported")
    func notSupported() async throws {
        let hub = MarketHub(
            history: [], openInterest: [OptionlessSource()], live: [], search: [],
            openInterestCache: OpenInterestCache(
                store: try SQLiteMarketStore.inMemory(), isReadOnly: false, logger: .quiet),
            asOf: AsOfRule(calendar: RecordedSession.calendar), logger: .quiet,
            clock: { RecordedSession.minute(60) })
        await #expect {
            _ = try await hub.openInterestTotals(of: .nifty, expiry: nil, within: HistoryTests.range)
        } throws: { ($0 as? MarketDataError)?.code == .notSupported }
    }

    @Test("an unknown strike is reported with its neighbours")
    func neighbours() {
        let snapshot = DayFileSource.snapshot(at: RecordedSession.minute(0))
        let totals = OpenInterestTotals(snapshot, following: Strike(tenThousandths: 240_600_000))
        #expect(totals.followed == nil)
        #expect(totals.nearestStrikes.map(\.description) == ["24050", "24100", "24000"])
    }
}

/// A source that has no options of anything.
private struct OptionlessSource: OpenInterestProvider {
    private let error = MarketDataError(.notSupported, "no options are traded on it", source: .trendlyne)

    func expiries(of symbol: Symbol) async throws -> ExpiryList { throw error }

    func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot { throw error }

    func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] { throw error }
}

import Foundation
import Logging
import MarketData
import MarketStore
import Synchronization
import TestSupport
import Testing

@testable import MarketHistory
@testable import MarketHub

/// A session of 375 minutes, a source, and a folder in which recorders come and go.
struct RecordedSession {
    /// 2026-11-23, 09:15 to 15:30: six hours and a quarter, as before August 2026.
    static let calendar: TradingCalendar = {
        let hours = DatedTable(
            SessionHours(opens: ClockTime(hour: 9, minute: 15), closes: ClockTime(hour: 15, minute: 30)))
        return TradingCalendar(days: .indian(open: [], closed: []), cash: hours, derivatives: hours)
    }()
    static let session = TradingSession(
        date: CalendarDate(year: 2026, month: 11, day: 23) ?? CalendarDate(daysSinceEpoch: 0),
        opens: Timestamp(seconds: 1_795_405_500), closes: Timestamp(seconds: 1_795_428_000))
    static let chain = RecordedChain(symbol: .nifty, expiry: SteppingSource.expiry)

    let clock: ManualClock
    let source: SteppingSource
    /// The source of requests that the first one fails.
    let second: SteppingSource?
    let folder: String
    let events = EventList()

    init(
        faults: SteppingSource.Faults = SteppingSource.Faults(), second: SteppingSource.Faults? = nil, folder: String
    ) {
        let clock = ManualClock(RecordedSession.session.opens.advanced(bySeconds: -600))
        self.clock = clock
        self.second = second.map { SteppingSource(RecordedSession.session, clock: clock, source: .nse, faults: $0) }
        source = SteppingSource(RecordedSession.session, clock: clock, faults: faults)
        self.folder = folder
    }

    /// The instant a number of minutes after the opening.
    static func minute(_ minute: Int) -> Timestamp { session.opens.advanced(bySeconds: Int64(minute) * 60) }

    static func minutes(_ from: Int, _ to: Int) -> TimeRange { TimeRange(from: minute(from), to: minute(to)) }

    /// Records from an instant until another, at which everything is dropped as it stands.
    func record(from start: Timestamp, until end: Timestamp, plan: RecordingPlan = RecordingPlan(symbols: [.nifty]))
        async throws
    {
        clock.now = max(clock.now, start)
        clock.end(at: end)
        let store = try SQLiteMarketStore.open(folder: folder)
        let clock = clock
        let events = events
        let recorder = OpenInterestRecorder(
            plan: plan, sources: hub().openInterestSources, store: store, calendar: RecordedSession.calendar,
            clock: RecorderClock(now: { clock.now }, sleep: { try clock.sleep(until: $0) }), logger: .quiet,
            observe: { events.add($0) })
        try await recorder.run()
    }

    /// A hub with a memory over the folder's store, opened for reading.
    func hubWithMemory() throws -> MarketHub {
        let store = try SQLiteMarketStore.open(folder: folder)
        return hub(OpenInterestCache(store: store, isReadOnly: false, logger: .quiet))
    }

    /// A hub over the sources; without a memory, nothing is kept.
    func hub(_ cache: OpenInterestCache? = nil) -> MarketHub {
        let clock = clock
        return MarketHub(
            history: [], openInterest: [source] + [second].compactMap { $0 }, live: [], search: [],
            openInterestCache: cache,
            asOf: AsOfRule(calendar: RecordedSession.calendar), logger: .quiet, clock: { clock.now })
    }

    func stored() async throws -> [OpenInterestSnapshot] {
        let store = try SQLiteMarketStore.open(folder: folder, access: .reading)
        return try await store.snapshots(of: .nifty, expiry: SteppingSource.expiry, in: RecordedSession.wholeDay)
    }

    func gaps() async throws -> [RecordingGap] {
        let store = try SQLiteMarketStore.open(folder: folder, access: .reading)
        let watches = try await store.watches(
            of: .nifty, expiry: SteppingSource.expiry, in: RecordedSession.wholeDay)
        let stamps = try await store.sourceStamps(
            of: .nifty, expiry: SteppingSource.expiry, in: RecordedSession.wholeDay)
        return RecordingGapFinder.gaps(
            in: RecordedSession.session, until: RecordedSession.session.closes, stamps: stamps, watches: watches,
            largestStep: 270)
    }

    static let wholeDay = TimeRange(from: minute(-1_200), to: minute(1_200))
}

/// What a recorder reported.
final class EventList: Sendable {
    private let events = Mutex<[RecordingEvent]>([])

    func add(_ event: RecordingEvent) { events.withLock { $0.append(event) } }

    var all: [RecordingEvent] { events.withLock { $0 } }

    var gaps: [RecordingGap] {
        all.compactMap { if case .gap(_, let gap) = $0 { gap } else { nil } }
    }
}

extension Logger {
}

/// Does something in a folder that is gone after it.
func withTemporaryFolder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "bhav-recorder-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}

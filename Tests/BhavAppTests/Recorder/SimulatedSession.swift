import AsyncHTTPClient
import Foundation
import Logging
import MarketData
import MarketHistory
import MarketHub
import MarketStore
import SourceHTTP
import Synchronization
import TestSupport
import Trendlyne
import UpstreamSimulator

/// A session of 375 minutes at a simulated Trendlyne over a socket, with a clock that jumps to the next awaited time.
struct SimulatedSession {
    static let nifty = Symbol(exchange: "NSE", ticker: "NIFTY")
    static let expiry = CalendarDate("2026-07-14") ?? CalendarDate(daysSinceEpoch: 0)
    static let session: TradingSession = {
        let day = CalendarDate("2026-07-08") ?? CalendarDate(daysSinceEpoch: 0)
        return TradingSession(
            date: day, opens: IndianTime.timestamp(day, ClockTime(hour: 9, minute: 15)),
            closes: IndianTime.timestamp(day, ClockTime(hour: 15, minute: 30)))
    }()

    let clock: SimulatedClock
    let hub: MarketHub
    let folder: String
    let events = EventLog()

    /// Plays the session in a folder that is gone after it.
    static func play(
        _ body: (SimulatedSession, UpstreamSimulator) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "bhav-session-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = SimulatedClock(session.opens.advanced(bySeconds: -300))
        let configuration = SimulatorConfiguration.openInterestSession(clock: clock)
        try await UpstreamSimulator.withRunning(configuration) { simulator, port in
            try await withClient { http in
                try await body(SimulatedSession(clock: clock, port: port, http: http, folder: folder), simulator)
            }
        }
    }

    private static func withClient(_ body: (HTTPClient) async throws -> Void) async throws {
        let http = HTTPClient(configuration: TrendlyneClient.httpConfiguration)
        do { try await body(http) } catch {
            try? await http.shutdown()
            throw error
        }
        try await http.shutdown()
    }

    private init(clock: SimulatedClock, port: Int, http: HTTPClient, folder: String) {
        self.clock = clock
        self.folder = folder
        let limit = RateLimit(gap: .zero, dailyQuota: 400)
        let trendlyne = TrendlyneClient(
            configuration: TrendlyneConfiguration(baseURL: "http://127.0.0.1:\(port)", rateLimit: limit),
            httpClient: http,
            logger: .quiet, now: { clock.now })
        hub = MarketHub(
            history: [], openInterest: [trendlyne], live: [], search: [], logger: .quiet, clock: { clock.now })
    }

    /// The instant a number of minutes after the opening.
    static func minute(_ minute: Int) -> Timestamp { session.opens.advanced(bySeconds: Int64(minute) * 60) }

    /// Records from one minute until another, at which the recorder is dropped as it stands.
    func record(from start: Int, until end: Int, _ plan: RecordingPlan) async throws {
        let clock = clock
        let last = SimulatedSession.minute(end)
        clock.set(to: max(clock.now, SimulatedSession.minute(start)))
        let store = try SQLiteMarketStore.open(folder: folder)
        let events = events
        let recorder = OpenInterestRecorder(
            plan: plan, sources: hub.openInterestSources, store: store, calendar: .nse,
            clock: RecorderClock(
                now: { clock.now },
                sleep: { instant in
                    clock.set(to: max(clock.now, min(instant, last)))
                    if instant >= last { throw CancellationError() }
                }),
            logger: .quiet, observe: { events.add($0) })
        try await recorder.run()
    }

    /// What the store has of the session.
    func stored() async throws -> [OpenInterestSnapshot] {
        let store = try SQLiteMarketStore.open(folder: folder, access: .reading)
        let range = TimeRange(from: SimulatedSession.session.opens, to: SimulatedSession.minute(500))
        return try await store.snapshots(of: SimulatedSession.nifty, expiry: SimulatedSession.expiry, in: range)
    }

    func gaps(longerThan seconds: Int64 = 270) async throws -> [RecordingGap] {
        let store = try SQLiteMarketStore.open(folder: folder, access: .reading)
        let session = SimulatedSession.session
        let survey = try await RecordingSurvey(
            of: SimulatedSession.nifty, over: TimeRange(from: session.opens, to: session.closes), in: store,
            calendar: .nse, largestStep: seconds, now: SimulatedSession.minute(500))
        return survey.parts.flatMap(\.gaps)
    }
}

/// The events of a recorder.
final class EventLog: Sendable {
    private let events = Mutex<[RecordingEvent]>([])

    func add(_ event: RecordingEvent) { events.withLock { $0.append(event) } }

    var all: [RecordingEvent] { events.withLock { $0 } }
}

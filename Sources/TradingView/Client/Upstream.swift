import AsyncSupport
import Foundation
import Logging
import MarketData
import TradingViewProtocol
import WebSocketTransport

/// Everything that is wanted from TradingView, and the one connection that serves it.
///
/// Wanted data are stored apart from the connection: requests wait for one and fail with it, live feeds are carried
/// over to the next. The connection itself is carried by `UpstreamRunner`.
actor Upstream {
    /// What a session belongs to; quote sessions belong to the board.
    enum Route: Hashable {
        case fetch(Int)
        case series(Int)
    }

    enum Phase {
        /// Nothing is wanted, or it has not been noticed yet.
        case idle
        case connecting
        case connected(Link)
        /// The last attempt failed; the next one is due then.
        case waiting(until: Duration, MarketDataError)
        /// Nothing carries the connection any more.
        case stopped
    }

    struct RunningFetch {
        var machine: HistoryFetch
        let promise: Promise<BarSeries>
        var session: SessionID?
        /// Whether it only shows that a feed lives.
        var isProbe = false
    }

    struct RunningSeries {
        var machine: LiveSeries
        let source: FeedSource<BarEvent>
        /// Completed with the first snapshot.
        let ready: Promise<Void>
        var session: SessionID?
        var isReady = false
        var watch: SeriesWatch
        var supervision: Supervision
    }

    let configuration: TradingViewConfiguration
    let logger: Logger
    let clock: UpstreamClock
    var phase = Phase.idle
    var fetches: [Int: RunningFetch] = [:]
    var series: [Int: RunningSeries] = [:]
    var quotes: [Int: FeedSource<QuoteEvent>] = [:]
    var board = QuoteBoard()
    var routes: [SessionID: Route] = [:]
    var connectionWaiters: [Promise<Void>] = []
    var wake = Promise<Void>()
    var lastQuoteRebuild: Duration?
    var areQuotesSuspect = false
    /// Upstream's clock, as the present connection shows it.
    var serverTime = ServerTime()
    /// Whether the connection is kept up without any demand.
    private var isKept = false
    var stall: StallWatch
    private var supervision: Supervision
    private var links = 0
    private var lastID = 0
    private var status: SourceStatus

    init(configuration: TradingViewConfiguration, clock: UpstreamClock, logger: Logger) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        stall = StallWatch(patience: configuration.deadlines.stall, at: clock.uptime)
        status = SourceStatus(source: .tradingview, state: .idle, since: clock.now)
        supervision = Supervision(at: clock.uptime)
    }

    var link: Link? { if case .connected(let link) = phase { link } else { nil } }
    var hasLiveDemand: Bool { !series.isEmpty || !board.isEmpty }
    var hasDemand: Bool { hasLiveDemand || !fetches.isEmpty || !connectionWaiters.isEmpty || isKept }
    /// About what time it is: by upstream's clock where that is known.
    var now: Timestamp { serverTime.now(at: clock.uptime) ?? clock.now }
    var currentStatus: SourceStatus { status }

    func newID() -> Int {
        lastID += 1
        return lastID
    }

    // MARK: - For the runner

    /// What the runner is to do next.
    enum Demand {
        case connect
        /// Sleep until something is wanted, or until the time is up.
        case sleep(Promise<Void>, Duration?)
    }

    func demand() -> Demand {
        guard hasDemand else { return .sleep(wake, nil) }
        if case .waiting(let until, _) = phase, until > clock.uptime, fetches.isEmpty, connectionWaiters.isEmpty {
            return .sleep(wake, until - clock.uptime)
        }
        return .connect
    }

    /// Keeps the connection up from now on, whether or not anything is wanted, so that the status is always that of now.
    func keepConnected() {
        isKept = true
        wakeRunner()
    }

    func connecting() {
        phase = .connecting
        supervision.connecting(at: clock.uptime)
        report(
            links > 0 || supervision.failures > 0 ? .reconnecting : .connecting,
            reason: status.state == .connected ? nil : status.reason)
    }

    /// The WebSocket is open: signs in and requests everything that is wanted.
    /// - Parameter reservation: The limits that are lower than usual on this connection.
    func connected(
        _ queue: AsyncStream<[UInt8]>.Continuation, token: AuthToken, reservation: String? = nil
    ) -> Link {
        links += 1
        let link = Link(
            number: links, queue: queue,
            budget: SessionBudget(
                limit: configuration.sessionsPerConnection, studyLimit: configuration.studiesPerConnection),
            opened: clock.uptime)
        phase = .connected(link)
        serverTime = ServerTime()
        supervision.live(at: clock.uptime)
        stall.reset(at: clock.uptime)
        link.send(.setAuthToken(token.secret.exposed))
        link.send(.setLocale(language: "en", country: "US"))
        status.reconnects = links - 1
        report(.connected, reason: reservation)
        for waiter in connectionWaiters { waiter.complete(.success(())) }
        connectionWaiters = []
        perform(board.connected(at: clock.steadyNow, newSession: newQuoteSession))
        for id in series.keys.sorted() { openSeries(id) }
        for id in fetches.keys.sorted() { openFetch(id) }
        return link
    }

    /// The connection was replaced on purpose, was never established, or broke.
    func disconnected(_ error: MarketDataError?) {
        let last = link
        let wasWanted = hasDemand
        routes = [:]
        board.disconnected()
        for id in series.keys {
            series[id]?.machine.disconnected()
            series[id]?.session = nil
            series[id]?.watch.reset(at: clock.uptime)
            series[id]?.supervision.connecting(error?.message, at: clock.uptime)
        }
        let isSteady = last.map { clock.uptime - $0.opened >= Backoff.steady } ?? false
        guard let error else {
            phase = .idle
            // A server that allows no sessions on a new connection is not contacted again at once.
            if !isSteady, last?.budget.isExhausted == true { pause(after: SeriesFailure.ofSessionRate) }
            return
        }
        logger.info("TradingView connection lost", metadata: ["reason": "\(error.message)"])
        failRequests(error)
        if error.recovery == .giveUp { endFeeds(error) }
        pause(after: error)
        report(hasLiveDemand ? .reconnecting : wasWanted ? .down : .idle, reason: error.message)
    }

    private func pause(after error: MarketDataError) {
        var random = SystemRandomNumberGenerator()
        // What ends feeds does not end the connection: a caller may request again, or sign in again.
        let wait = supervision.failed(error, at: clock.uptime, using: &random) ?? Upstream.cooldownAfterRefusal
        phase = .waiting(until: clock.uptime + wait, error)
    }

    /// Nothing will carry the connection any more.
    func stop() {
        let error = MarketDataError(
            .upstreamUnavailable, "the connection to TradingView is shut down", source: .tradingview, recovery: .giveUp)
        phase = .stopped
        routes = [:]
        failRequests(error)
        for feed in quotes.values { feed.finish() }
        for series in series.values { series.source.finish() }
        (quotes, series, board) = ([:], [:], QuoteBoard())
        report(.idle, reason: nil)
    }

    private func failRequests(_ error: MarketDataError) {
        for (_, fetch) in fetches { fetch.promise.complete(.failure(error)) }
        fetches = [:]
        for waiter in connectionWaiters { waiter.complete(.failure(error)) }
        connectionWaiters = []
        for (id, running) in series where !running.isReady {
            running.ready.complete(.failure(error))
            series[id] = nil
        }
    }

    private func endFeeds(_ error: MarketDataError) {
        for feed in quotes.values { feed.finish(throwing: error) }
        for series in series.values { series.source.finish(throwing: error) }
        (quotes, series, board) = ([:], [:], QuoteBoard())
    }

    private func report(_ state: SourceStatus.State, reason: String?) {
        guard status.state != state || status.reason != reason else { return }
        status.state = state
        status.reason = reason
        status.since = clock.now
        for feed in quotes.values { feed.send(.status(status)) }
        for series in series.values where series.isReady { series.source.send(.status(status)) }
    }

    /// Reports the condition of one series to its readers.
    func reportCondition(of id: Int) {
        guard let running = series[id], running.isReady else { return }
        var report = status
        let condition = running.supervision.condition(at: clock.uptime, now: clock.now)
        report.subscription = condition
        report.since = condition.since
        report.reason = condition.reason
        if condition.state != .live { report.state = .reconnecting }
        running.source.send(.status(report))
    }

    /// How long a connection that was refused permanently is not tried again without a request.
    private static let cooldownAfterRefusal = Duration.seconds(60)

    func noteData() { status.lastData = clock.now }

    /// Something new is wanted.
    func wakeRunner() {
        wake.complete(.success(()))
        wake = Promise()
    }
}

/// The two clocks: a steady one for deadlines, the time of day for messages to people.
struct UpstreamClock: Sendable {
    private let start = ContinuousClock.now
    private let timeOfDay: WallClock
    private let startTime: Timestamp

    init(_ timeOfDay: @escaping WallClock) {
        self.timeOfDay = timeOfDay
        startTime = timeOfDay()
    }

    /// Since the client was created; monotonic.
    var uptime: Duration { ContinuousClock.now - start }

    /// The time of day.
    var now: Timestamp { timeOfDay() }

    /// A time of day that passes as the steady clock does, for deadlines that are kept as timestamps.
    var steadyNow: Timestamp { Timestamp(milliseconds: startTime.milliseconds + Int64(uptime / .milliseconds(1))) }

    /// The time of day, as the transport takes it.
    var date: @Sendable () -> Date {
        { [timeOfDay] in Date(timeIntervalSince1970: Double(timeOfDay().milliseconds) / 1000) }
    }
}

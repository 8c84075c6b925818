import AsyncSupport
import Logging
import MarketData
import NIOCore
import TradingViewProtocol
import WebSocketTransport

/// Carries the connection: waits until something is wanted, connects, reads and writes until it breaks, and again.
struct UpstreamRunner: Sendable {
    let upstream: Upstream
    let tokens: TokenSource
    let configuration: TradingViewConfiguration
    let clock: UpstreamClock
    let logger: Logger

    /// Runs until its task is cancelled.
    func run() async {
        while !Task.isCancelled {
            guard case .sleep(let wake, let limit) = await upstream.demand() else {
                await connectOnce()
                continue
            }
            await sleep(until: wake, limit: limit)
        }
        await upstream.stop()
    }

    private func sleep(until wake: Promise<Void>, limit: Duration?) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await wake.value() }
            if let limit { group.addTask { try? await Task.sleep(for: limit) } }
            await group.next()
            group.cancelAll()
        }
    }

    private func connectOnce() async {
        await upstream.connecting()
        do {
            let token = try await tokens.token(at: clock.now)
            do {
                try await connect(with: token)
            } catch {
                let fault = ConnectionFault.error(error)
                guard fault.code == .signInRefused, !Task.isCancelled else { throw error }
                // Pending requests wait for the next connection, with a new token.
                try await tokens.refused(fault, at: clock.now)
                logger.info("TradingView refused the token; a new one is fetched")
            }
            await upstream.disconnected(nil)
        } catch {
            if Task.isCancelled { return }
            await upstream.disconnected(ConnectionFault.error(error))
        }
    }

    /// Connects to the best server for the token; where it cannot be reached, to the one for everybody.
    private func connect(with token: AuthToken) async throws {
        let addresses = configuration.socketURLs(for: token)
        var reservation: String?
        if addresses.count > 1 {
            do {
                return try await connect(to: addresses[0], with: token)
            } catch let error as WebSocketError where Self.isUnreachable(error) {
                logger.warning(
                    "TradingView's server for paid accounts cannot be reached; using the free server",
                    metadata: ["reason": "\(error.message)"])
                reservation =
                    "the free server is used because the one for paid accounts cannot be reached "
                    + "(\(error.message)); it returns about 5,000 bars on any plan"
            }
        }
        try await connect(to: configuration.socketURL, with: token, reservation: reservation)
    }

    private static func isUnreachable(_ error: WebSocketError) -> Bool {
        switch error.code {
        case .nameNotFound, .connectionRefused, .unreachable, .tlsFailed, .timedOut: true
        case .upgradeRefused(let status): status != 429
        default: false
        }
    }

    private func connect(to server: String, with token: AuthToken, reservation: String? = nil) async throws {
        let client = WebSocketClientConfiguration(
            headers: [("Origin", configuration.origin), ("User-Agent", WebConnection.userAgent)],
            connectTimeout: configuration.deadlines.connect,
            upgradeTimeout: configuration.deadlines.connect,
            trust: configuration.trust,
            now: clock.date
        )
        let address = server.trimmingSlashes + configuration.socketPath
        try await WebSocketClient.connect(to: address, configuration: client, logger: logger) { inbound, outbound in
            let (packets, queue) = AsyncStream.makeStream(
                of: [UInt8].self, bufferingPolicy: .bufferingOldest(Link.queueLength))
            let link = await upstream.connected(queue, token: token, reservation: reservation)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await write(packets, to: outbound)
                    } catch {
                        // The connection is closed; why, the server may have said in what is yet to be read.
                        try await Task.sleep(for: .seconds(1))
                        throw error
                    }
                }
                group.addTask { try await read(inbound, on: link) }
                group.addTask { try await watch(link) }
                group.addTask { try await renewToken(on: link) }
                group.addTask { try await link.ending.value() }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func write(_ packets: AsyncStream<[UInt8]>, to outbound: WebSocketOutbound) async throws {
        for await packet in packets {
            configuration.trace?(PacketTrace.sent(packet))
            try await outbound.write(.text(ByteBuffer(bytes: packet)))
        }
    }

    private func read(_ inbound: WebSocketInbound, on link: Link) async throws {
        var splitter = PacketSplitter()
        for try await message in inbound {
            splitter.append(message.bytes.readableBytesView)
            splitter.endMessage()
            var arrivals: [Arrival] = []
            while let packet = splitter.nextView() {
                switch packet {
                case .heartbeat(let payload):
                    link.send(PacketEncoder.encode(payload))
                    await upstream.receivedHeartbeat()
                case .message(let payload):
                    configuration.trace?(PacketTrace.received(Array(payload)))
                    arrivals.append(Arrival(payload: payload))
                case .unreadable(let reason, let bytes):
                    if let arrival = Arrival(stray: bytes, reason: reason) { arrivals.append(arrival) }
                }
            }
            if !arrivals.isEmpty { try await upstream.received(arrivals, on: link) }
        }
        try Task.checkCancellation()
        throw ConnectionFault.closed
    }

    /// Sends the next token before the last expires; sessions and subscriptions stay as they are.
    private func renewToken(on link: Link) async throws {
        while true {
            try await Task.sleep(for: .seconds(1))
            guard let token = try await tokens.renewed(at: clock.now) else { continue }
            link.send(.setAuthToken(token.secret.exposed))
        }
    }

    private func watch(_ link: Link) async throws {
        while true {
            try await Task.sleep(for: .milliseconds(500))
            try await upstream.tick(link)
        }
    }
}

extension String {
    /// Without slashes at the end.
    var trimmingSlashes: String { String(self.reversed().drop { $0 == "/" }.reversed()) }
}

/// The present connection and the sessions on it.
struct Link: Sendable {
    /// Which connection this is; a later one has a larger number.
    let number: Int
    /// The messages to send, in order; bounded, and a link whose queue is full is cut.
    let queue: AsyncStream<[UInt8]>.Continuation
    /// Completed when the link shall end: with `success` to be replaced, with an error where it is broken.
    let ending = Promise<Void>()
    var budget: SessionBudget
    /// The sessions that were made on it, the newest last: a message that names one of them is not damaged.
    private(set) var sessions: [SessionID] = []
    /// When it was opened, and when something was last received.
    let opened: Duration
    var lastReceived: Duration
    /// When data of a session was last received; heartbeats and the first message do not count.
    var lastData: Duration
    /// The sessions that may be made to probe live series.
    var probes: ProbeBudget

    /// The packets that may wait to be sent.
    static let queueLength = 8192
    /// The sessions that are remembered; a connection is replaced before it has made many more.
    private static let mostSessions = 512

    init(
        number: Int, queue: AsyncStream<[UInt8]>.Continuation, budget: SessionBudget, opened: Duration
    ) {
        self.number = number
        self.queue = queue
        self.budget = budget
        self.opened = opened
        lastReceived = opened
        lastData = opened
        probes = ProbeBudget(at: opened)
    }

    /// Counts a session that is made.
    mutating func made(_ session: SessionID) {
        budget.take()
        if sessions.count == Link.mostSessions { sessions.removeFirst() }
        sessions.append(session)
    }

    func send(_ call: ClientCall) { send(call.encoded()) }

    func send(_ packet: [UInt8]) {
        if case .dropped = queue.yield(packet) {
            ending.complete(.failure(ConnectionFault.closed))
        }
    }
}

/// How many chart and quote sessions, and studies, may still be made on one connection.
///
/// TradingView refuses about the two hundredth session with "max sessions rate reached", whether or not the earlier
/// ones were deleted, so a connection is replaced before. A few sessions are kept back for the requests that show
/// whether feeds still live, also where live series fill the connection.
struct SessionBudget {
    private let limit: Int
    private let studyLimit: Int
    private(set) var made = 0
    private(set) var studies = 0
    /// Whether the server has said that it allows no more.
    private(set) var isExhausted = false

    /// The sessions that are kept back for probes.
    static let reserve = 10

    init(limit: Int, studyLimit: Int = 100) {
        self.limit = limit
        self.studyLimit = studyLimit
    }

    /// How many may still be made.
    var left: Int { isExhausted ? 0 : max(0, limit - made) }
    /// How many may still be made for a probe.
    var leftForProbes: Int { isExhausted ? 0 : max(0, limit + SessionBudget.reserve - made) }
    /// How many studies may still be made.
    var studiesLeft: Int { max(0, studyLimit - studies) }

    /// Counts a session that is made.
    mutating func take() { made += 1 }

    /// Counts a study that is made.
    mutating func takeStudy() { studies += 1 }

    /// The server says that it allows no more.
    mutating func exhaust() { isExhausted = true }

    /// The server says that it allows no more studies.
    mutating func exhaustStudies() { studies = studyLimit }

    /// Whether a new connection is due: this one is used up, and a new one would not be used up by the open sessions;
    /// or this one has not even a probe left.
    func isReplacementDue(open: Int) -> Bool {
        left == 0 && (open < limit || !isExhausted && leftForProbes == 0)
    }
}

/// How many sessions may be made to probe live series: some at once, then one every few seconds, so that quiet
/// instruments do not use up a connection.
struct ProbeBudget: Sendable {
    private var left = ProbeBudget.most
    private var counted: Duration

    private static let most = 60.0
    private static let secondsPerProbe = 10.0

    init(at uptime: Duration) { counted = uptime }

    /// Takes one, where one is left.
    mutating func take(at uptime: Duration) -> Bool {
        left = min(ProbeBudget.most, left + (uptime - counted) / .seconds(1) / ProbeBudget.secondsPerProbe)
        counted = uptime
        guard left >= 1 else { return false }
        left -= 1
        return true
    }

    /// Gives one back: a probe that found a frozen series was useful, and others are likely frozen too.
    mutating func giveBack() { left = min(ProbeBudget.most, left + 1) }
}

/// A trace of packets for diagnosis, without secrets, shortened.
enum PacketTrace {
    private static let longest = 400

    /// A packet that we sent. A token is never shown.
    static func sent(_ packet: [UInt8]) -> String {
        let text = String(decoding: packet, as: UTF8.self)
        return "-> " + (text.contains("\"set_auth_token\"") ? "set_auth_token <secret>" : shortened(text))
    }

    /// A received payload.
    static func received(_ payload: [UInt8]) -> String {
        "<- " + shortened(String(decoding: payload.prefix(longest * 2), as: UTF8.self), of: payload.count)
    }

    private static func shortened(_ text: String, of count: Int? = nil) -> String {
        let isShort = text.count <= longest && (count ?? 0) <= longest * 2
        return isShort ? text : "\(text.prefix(longest)) ... (\(count ?? text.utf8.count) bytes)"
    }
}

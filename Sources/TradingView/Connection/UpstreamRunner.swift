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
                // Whoever waits for an answer waits for the connection with a token fetched anew.
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
                    "TradingView's server for paid accounts cannot be reached; the one for everybody is asked",
                    metadata: ["reason": "\(error.message)"])
                reservation =
                    "the server for everybody answers in place of the one for paid accounts, which cannot be reached "
                    + "(\(error.message)); it gives about 5,000 bars, whatever the account's plan"
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
            headers: [("Origin", configuration.origin), ("User-Agent", WebReader.userAgent)],
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
                group.addTask { try await write(packets, to: outbound) }
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
            while let packet = splitter.next() {
                switch packet {
                case .heartbeat(let payload):
                    link.send(PacketEncoder.encode(payload))
                    await upstream.receivedHeartbeat()
                case .message(let payload):
                    configuration.trace?(PacketTrace.received(payload))
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

import Logging
import MarketData
import NIOCore
import TradingViewProtocol
import WebSocketTransport

/// Carries one connection after another, for as long as somebody wants something.
struct Carrier: Sendable {
    let upstream: Upstream
    let tokens: TokenSource
    let configuration: TradingViewConfiguration
    let logger: Logger

    /// Connects when there is a question, and again while there are readers, until the task is cancelled.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keepTime() }
            group.addTask { try await keepConnected() }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Lets deadlines pass while nothing is connected; an open connection has its own watch.
    private func keepTime() async throws {
        while true {
            try await Task.sleep(for: Carrier.tick)
            try? await upstream.check()
        }
    }

    private func keepConnected() async throws {
        var delay = ReconnectDelay()
        var generator = SystemRandomNumberGenerator()
        while true {
            await upstream.awaitDemand()
            try Task.checkCancellation()
            let error = await connection(whenOpen: { delay.reset() })
            try Task.checkCancellation()
            if await upstream.disconnected(error) { continue }
            logger.debug("TradingView connection ended", metadata: ["reason": "\(error.message)"])
            if error.code == .signInRefused { await tokens.forget() }
            guard await upstream.hasReaders else { continue }
            var retryAfter: Int?
            if case .retry(let seconds) = error.recovery { retryAfter = seconds }
            try await Task.sleep(for: delay.afterFailure(retryAfter: retryAfter, using: &generator))
        }
    }

    /// One connection, from signing in to its end.
    /// - Returns: Why it ended.
    private func connection(whenOpen: () -> Void) async -> MarketDataError {
        await upstream.connecting()
        do {
            let token = try await tokens.token(at: upstream.now())
            var settings = WebSocketClientConfiguration(
                headers: [("Origin", configuration.origin), ("User-Agent", WebReader.userAgent)],
                connectTimeout: configuration.deadlines.connect, upgradeTimeout: configuration.deadlines.connect,
                trust: configuration.trust)
            settings.connection.maximumMessageSize = PacketSplitter.longestPayload + 1024
            return try await WebSocketClient.connect(
                to: configuration.socketURL + configuration.socketPath, configuration: settings, logger: logger
            ) { inbound, outbound in
                let link = Link()
                await upstream.connected(link, token: token)
                whenOpen()
                return try await carry(link, inbound, outbound)
            }
        } catch {
            return ConnectionFault.error(error)
        }
    }

    /// Reads, writes and watches until one of the three ends.
    private func carry(
        _ link: Link, _ inbound: WebSocketInbound, _ outbound: WebSocketOutbound
    ) async throws -> MarketDataError {
        try await withThrowingTaskGroup(of: MarketDataError.self) { group in
            group.addTask { try await read(inbound, link) }
            group.addTask {
                try await link.carry(to: outbound)
                return ConnectionFault.closed
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: Carrier.tick)
                    try await upstream.check()
                }
            }
            let reason = try await group.next() ?? ConnectionFault.closed
            group.cancelAll()
            return reason
        }
    }

    private func read(_ inbound: WebSocketInbound, _ link: Link) async throws -> MarketDataError {
        var splitter = PacketSplitter()
        for try await message in inbound {
            splitter.append(message.bytes.readableBytesView)
            splitter.endMessage()
            var arrivals: [Arrival] = []
            while let packet = splitter.next() {
                switch packet {
                case .heartbeat(let beat): link.send(PacketEncoder.encode(beat))
                case .message(let payload): arrivals.append(Arrival(payload: payload))
                case .unreadable(let reason, let bytes):
                    if let arrival = Arrival(stray: bytes, reason: reason) { arrivals.append(arrival) }
                }
            }
            if let end = arrivals.protocolError { return ConnectionFault.ofProtocol(end) }
            await upstream.receive(arrivals)
        }
        return ConnectionFault.closed
    }

    private static let tick = Duration.milliseconds(250)
}

extension [Arrival] {
    /// What the server said before it closes the connection.
    fileprivate var protocolError: String? {
        for case .event(.protocolError(let reason)) in self { return reason }
        return nil
    }
}

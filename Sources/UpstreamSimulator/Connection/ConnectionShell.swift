import HTTPTypes
import Logging
import MarketData
import NIOCore
import TradingViewProtocol
import WebSocketTransport

/// Carries a simulated connection over a WebSocket: messages and ticks in, actions out, one after another.
struct ConnectionShell {
    private enum Input: Sendable {
        case message(WebSocketMessage)
        case tick
    }

    /// How many messages may wait; beyond that the socket is not read, and ticks are left out.
    private static let waitingInputs = 64

    let simulation: Simulation
    let activity: ActivityLog
    let logger: Logger

    func run(_ inbound: WebSocketInbound, _ outbound: WebSocketOutbound, _ context: WebSocketContext) async throws {
        let id = activity.opened(context)
        defer { activity.closed(id) }
        let (inputs, queue) = AsyncStream.makeStream(
            of: Input.self, bufferingPolicy: .bufferingOldest(ConnectionShell.waitingInputs)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await read(inbound, into: queue) }
            group.addTask { try await tick(into: queue) }
            defer { group.cancelAll() }
            try await serve(inputs, outbound, context)
        }
    }

    private func read(_ inbound: WebSocketInbound, into queue: AsyncStream<Input>.Continuation) async {
        defer { queue.finish() }
        do {
            for try await message in inbound {
                while case .dropped = queue.yield(.message(message)) {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
        } catch {
            logger.debug("A client left", metadata: ["reason": "\(error)"])
        }
    }

    private func tick(into queue: AsyncStream<Input>.Continuation) async throws {
        let interval = Duration.milliseconds(max(1, simulation.configuration.quoteIntervalMilliseconds))
        while !Task.isCancelled {
            try await Task.sleep(for: interval)
            queue.yield(.tick)
        }
    }

    private func serve(
        _ inputs: AsyncStream<Input>, _ outbound: WebSocketOutbound, _ context: WebSocketContext
    ) async throws {
        let clock = simulation.configuration.clock
        let origin = context.request.headerFields[.origin]
        var connection = SimulatedConnection(simulation: simulation, origin: origin, now: clock())
        var splitter = PacketSplitter()
        guard try await perform(connection.greeting(at: clock()), outbound, context) else { return }
        for await input in inputs {
            var actions: [ConnectionAction] = []
            switch input {
            case .tick: actions = connection.tick(at: clock())
            case .message(let message):
                splitter.append(message.bytes.readableBytesView)
                splitter.endMessage()
                while let packet = splitter.next() {
                    activity.received(packet)
                    actions += connection.receive(packet, at: clock())
                }
            }
            guard try await perform(actions, outbound, context) else { return }
        }
    }

    /// Carries the actions out; false where they ended the connection.
    private func perform(
        _ actions: [ConnectionAction], _ outbound: WebSocketOutbound, _ context: WebSocketContext
    ) async throws -> Bool {
        for action in actions {
            switch action {
            case .text(let bytes): try await outbound.write(.text(ByteBuffer(bytes: bytes)))
            case .binary(let bytes): try await outbound.write(.binary(ByteBuffer(bytes: bytes)))
            case .fragments(let bytes, let pieces):
                try await outbound.writeFragmented(.text(ByteBuffer(bytes: bytes)), pieces: pieces)
            case .ping: try await outbound.writePing()
            case .close:
                try await outbound.close()
                return false
            case .closeMidFrame(let bytes):
                let frame = WebSocketOutbound.encodeServerFrame(text: ByteBuffer(bytes: bytes))
                let half = frame.getSlice(at: frame.readerIndex, length: frame.readableBytes / 2)
                try await outbound.writeEncoded(half ?? frame)
                try await context.cut()
                return false
            case .reset:
                await context.reset()
                return false
            }
        }
        return true
    }
}

/// The server's heartbeats on one connection: `~h~1`, `~h~2`, ... and whether the client echoes them.
struct Heartbeats: Equatable, Sendable {
    let interval: Int64
    let patience: Int64
    private(set) var count = 0
    private var lastSent: Timestamp
    private var waitingSince: Timestamp?

    init(intervalSeconds: Int, patienceSeconds: Int, start: Timestamp) {
        interval = Int64(intervalSeconds)
        patience = Int64(patienceSeconds)
        lastSent = start
    }

    /// Whether the echo of a heartbeat has been missing for too long.
    func isDead(at now: Timestamp) -> Bool {
        guard let waitingSince else { return false }
        return now >= waitingSince.advanced(bySeconds: patience)
    }

    /// The next heartbeat, where its time has come.
    mutating func due(at now: Timestamp) -> WirePacket? {
        guard now >= lastSent.advanced(bySeconds: interval) else { return nil }
        return next(at: now)
    }

    /// The next heartbeat, whether or not its time has come.
    mutating func next(at now: Timestamp) -> WirePacket {
        count += 1
        lastSent = now
        waitingSince = waitingSince ?? now
        return .heartbeat(count)
    }

    /// Takes a response; a reply to no heartbeat that was sent is ignored.
    mutating func acknowledge(_ payload: [UInt8]) {
        guard let number = Int(String(decoding: payload.dropFirst(3), as: UTF8.self)), number > 0, number <= count
        else { return }
        waitingSince = nil
    }
}

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

import MarketData
import MarketFormats
import MarketHub
import NIOCore
import Synchronization
import WebSocketTransport

/// One connection to the original `/ws`: one list of symbols at a time, and a tick a second.
struct OriginalSession: Sendable {
    let hub: MarketHub
    let limits: MarketServerConfiguration.Limits

    /// Serves the client until it leaves, or proves too slow.
    func run(_ inbound: WebSocketInbound, _ outbound: WebSocketOutbound) async throws {
        let sink = SocketSink(outbound: outbound, watch: SlowClientWatch(limit: limits.slowClientTime))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(inbound, sink) }
            group.addTask {
                try await sink.watch.untilTooSlow()
                try await outbound.close(
                    code: .policyViolation, reason: "this client takes its messages too slowly")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func serve(_ inbound: WebSocketInbound, _ sink: SocketSink) async throws {
        var running: Task<Void, Never>?
        defer { running?.cancel() }
        for try await message in inbound {
            do {
                switch try OriginalMessage(message.bytes, symbolLimit: limits.symbols) {
                case .ping: try await sink.send(StreamMessage.pong)
                case .subscribe(let names):
                    running?.cancel()
                    await running?.value
                    try await sink.send(OriginalSession.subscribed(names))
                    // A task of its own, because the next list ends it while the connection goes on.
                    running = Task { await follow(names, sink) }
                }
            } catch let error as MarketDataError {
                try await sink.send(StreamMessage.error(error))
            }
        }
    }

    private func follow(_ names: [String], _ sink: SocketSink) async {
        do {
            var symbols: [Symbol: String] = [:]
            for name in names {
                do {
                    symbols[try OriginalName.symbol(name)] = name
                } catch {
                    try await sink.send(OriginalSession.refused(name, error))
                }
            }
            guard !symbols.isEmpty else { return }
            try await tick(symbols, sink)
        } catch let error as MarketDataError {
            try? await sink.send(StreamMessage.error(error))
        } catch {
            // The client has left or follows something else now.
        }
    }

    private func tick(_ names: [Symbol: String], _ sink: SocketSink) async throws {
        let board = TickBoard(OriginalTicks(names: names))
        let feed = try await hub.liveQuotes(of: names.keys.sorted())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for try await event in feed {
                    switch event {
                    case .quote(let quote): board.ticks.withLock { $0.received(quote) }
                    case .refused(let symbol, let error):
                        try await sink.send(OriginalSession.refused(names[symbol] ?? symbol.description, error))
                    case .status: break
                    }
                }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: limits.originalTickPace)
                    for tick in board.ticks.withLock({ $0.take() }) {
                        try await sink.send(OriginalSession.tick(tick.name, tick.quote))
                    }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

private final class TickBoard: Sendable {
    let ticks: Mutex<OriginalTicks>

    init(_ ticks: OriginalTicks) { self.ticks = Mutex(ticks) }
}

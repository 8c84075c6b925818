import Logging
import MarketData
import NIOCore
import Synchronization
import WebSocketTransport

/// One connection to `/v1/stream`.
struct StreamSession: Sendable {
    let subscriptions: StreamSubscriptions
    let logger: Logger

    private var limits: MarketServerConfiguration.Limits { subscriptions.limits }

    /// Serves the client until it leaves, or proves too slow.
    func run(_ inbound: WebSocketInbound, _ outbound: WebSocketOutbound) async throws {
        let sink = SocketSink(outbound: outbound, watch: SlowClientWatch(limit: limits.slowClientTime))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(inbound, sink) }
            group.addTask {
                try await sink.watch.untilTooSlow()
                subscriptions.counters.slowClients.add(1, ordering: .relaxed)
                logger.info("closing a stream whose client reads too slowly")
                try await outbound.close(
                    code: .policyViolation, reason: "this client takes its messages too slowly")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func serve(_ inbound: WebSocketInbound, _ sink: SocketSink) async throws {
        var running: [String: RunningSubscription] = [:]
        defer { for subscription in running.values { subscription.cancel() } }
        for try await message in inbound {
            do {
                switch try StreamCommand(message.bytes, symbolLimit: limits.symbols) {
                case .ping: try await sink.send(StreamMessage.pong)
                case .subscribe(let id, let request):
                    try admit(id, &running)
                    running[id] = RunningSubscription { await subscriptions.run(request, id: id, to: sink) }
                case .unsubscribe(let id):
                    guard let subscription = running.removeValue(forKey: id) else {
                        throw StreamCommand.Fault(id: id, error: .badRequest("there is no subscription '\(id)'"))
                    }
                    var encoder = await subscription.end()
                    try await sink.send(encoder.message("unsubscribed"))
                }
            } catch let fault as StreamCommand.Fault {
                try await sink.send(StreamMessage.error(fault.error, id: fault.id))
            }
        }
    }

    private func admit(_ id: String, _ running: inout [String: RunningSubscription]) throws(StreamCommand.Fault) {
        if running.count >= limits.subscriptions { running = running.filter { !$0.value.isOver } }
        if let subscription = running[id], !subscription.isOver {
            throw .init(id: id, error: .badRequest("there is a subscription '\(id)' already; unsubscribe it first"))
        }
        guard running.count < limits.subscriptions else {
            let error = MarketDataError(
                .tooLarge, "this connection has \(running.count) subscriptions, which is the most")
            throw .init(id: id, error: error)
        }
    }
}

/// A subscription while it runs, and the handle to end it.
final class RunningSubscription: Sendable {
    private let task: Task<MessageEncoder, Never>
    private let over: Flag

    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    /// Starts it. It has its own task because it ends alone, long before the connection that cancels it in the end.
    init(_ run: @escaping @Sendable () async -> MessageEncoder) {
        let over = Flag()
        self.over = over
        task = Task {
            let encoder = await run()
            over.isSet.withLock { $0 = true }
            return encoder
        }
    }

    /// Whether it has ended by itself.
    var isOver: Bool { over.isSet.withLock { $0 } }

    /// Ends it without waiting.
    func cancel() { task.cancel() }

    /// Ends it; after this nothing of it is sent any more.
    func end() async -> MessageEncoder {
        task.cancel()
        return await task.value
    }
}

import Hummingbird
import MarketData
import ServiceLifecycle
import Synchronization

/// Runs the work of a request while its time lasts and the client is connected.
enum RequestTime {
    /// - Throws: `upstreamTimeout` after `limit`; `CancellationError` when the client has gone.
    static func run(
        _ request: Request, _ watch: ClientWatch, limit: Duration,
        _ work: @escaping @Sendable () async throws -> Response
    ) async throws -> Response {
        try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                // Watching for the client to leave costs the connection its next request, so a quick response goes
                // without.
                try await Task.sleep(for: min(patience, limit))
                watch.begin()
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await sleep(for: max(.zero, limit - patience))
                }
                return nil
            }
            defer { group.cancelAll() }
            guard let response = try await group.next() ?? nil else {
                throw MarketDataError(
                    .upstreamTimeout, "no response within \(limit.components.seconds) s")
            }
            return response
        }
    }

    /// Sleeps, but not long past the beginning of a shutdown.
    /// - Throws: `overloaded` at a shutdown.
    private static func sleep(for time: Duration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Task.sleep(for: time) }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: shutdownPatience)
                throw MarketDataError(.overloaded, "the server is shutting down; try again shortly")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// How long after the beginning of a shutdown a request may still take.
    private static let shutdownPatience = Duration.seconds(1)
    private static let patience = Duration.milliseconds(500)
}

/// Whether a request's client is watched. Its connection carries no other request then, which the response says.
final class ClientWatch: Sendable {
    private let state = Atomic(false)

    var hasBegun: Bool { state.load(ordering: .relaxed) }

    func begin() { state.store(true, ordering: .relaxed) }
}

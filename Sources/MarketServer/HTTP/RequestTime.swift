import Hummingbird
import MarketData
import ServiceLifecycle
import Synchronization

/// Runs the work of a request while its time lasts and the client is connected.
enum RequestTime {
    /// - Throws: `upstreamTimeout` after `limit`; `CancellationError` when the client has gone.
    static func run(
        _ request: Request, limit: Duration, _ work: @escaping @Sendable () async throws -> Response
    ) async throws -> Response {
        let watch = ClientWatch()
        return try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                // Watching for the client to leave costs the connection its next request, so a quick response goes
                // without.
                try await Task.sleep(for: min(patience, limit))
                watch.hasBegun.store(true, ordering: .relaxed)
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await sleep(for: max(.zero, limit - patience))
                }
                return nil
            }
            defer { group.cancelAll() }
            guard var response = try await group.next() ?? nil else {
                throw MarketDataError(
                    .upstreamTimeout, "no response within \(limit.components.seconds) s")
            }
            // The connection cannot carry another request, and says so.
            if watch.hasBegun.load(ordering: .relaxed) { response.headers[.connection] = "close" }
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

/// Whether a request's client is watched, after which its connection carries no other request.
private final class ClientWatch: Sendable {
    let hasBegun = Atomic(false)
}

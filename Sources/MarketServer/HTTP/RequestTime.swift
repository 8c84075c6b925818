import Hummingbird
import MarketData

/// Runs the work of a request for as long as it may take and somebody waits for the answer.
enum RequestTime {
    /// - Throws: `upstreamTimeout` after `limit`; `CancellationError` when the client has gone.
    static func run(
        _ request: Request, limit: Duration, _ work: @escaping @Sendable () async throws -> Response
    ) async throws -> Response {
        try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                // Watching for the client to leave costs the connection its next request, so a quick answer goes
                // without.
                try await Task.sleep(for: min(patience, limit))
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await Task.sleep(for: max(.zero, limit - patience))
                }
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else {
                throw MarketDataError(
                    .upstreamTimeout, "no answer could be had within \(limit.components.seconds) s")
            }
            return answer
        }
    }

    private static let patience = Duration.milliseconds(500)
}

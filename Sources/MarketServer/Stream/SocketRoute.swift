import HTTPTypes
import WebSocketTransport

/// One path that becomes a WebSocket.
struct SocketRoute: Sendable {
    let limit: StreamLimit
    let serve: @Sendable (WebSocketInbound, WebSocketOutbound) async throws -> Void

    /// Upgrades a request for one of the paths by somebody who may; anything else is answered over HTTP.
    static func decide(
        _ request: HTTPRequest, among routes: [String: SocketRoute], access: AccessPolicy
    ) -> WebSocketUpgradeDecision {
        let parts = (request.path ?? "/").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let route = routes[String(parts[0])],
            access.allows(origin: request.headerFields[.origin], host: request.authority),
            (try? access.checkKey(of: request, query: parts.count == 2 ? String(parts[1]) : nil)) != nil
        else { return .refuse }
        return .upgrade { inbound, outbound, _ in
            guard route.limit.enter() else {
                try await outbound.close(code: .tryAgainLater, reason: "as many streams are open as this server allows")
                return
            }
            defer { route.limit.leave() }
            do {
                try await route.serve(inbound, outbound)
            } catch is WebSocketError {
                // The client left without a word, which clients do.
            }
        }
    }
}

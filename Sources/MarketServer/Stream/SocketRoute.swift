import HTTPTypes
import Hummingbird
import MarketData
import Synchronization
import WebSocketTransport

/// One path that becomes a WebSocket.
struct SocketRoute: Sendable {
    let path: String
    let serve: @Sendable (WebSocketInbound, WebSocketOutbound, WebSocketContext) async throws -> Void
}

/// Decides which requests become WebSockets, and how many may be open.
struct SocketRouter: Sendable {
    let routes: [SocketRoute]
    let access: AccessControl
    let limit: StreamLimit
    let clock: @Sendable () -> Timestamp

    /// Upgrades an authorized request for one of the paths; anything else gets an HTTP response.
    func decide(_ request: HTTPRequest) -> WebSocketUpgradeDecision {
        let parts = (request.path ?? "/").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count == 2 ? String(parts[1]) : nil
        guard let route = routes.first(where: { $0.path == parts[0] }), refusal(of: request, query: query) == nil else {
            return .refuse
        }
        return .upgrade { inbound, outbound, context in
            guard limit.enter() else {
                try await outbound.close(code: .tryAgainLater, reason: "too many open streams")
                return
            }
            defer { limit.leave() }
            do {
                try await route.serve(inbound, outbound, context)
            } catch is WebSocketError {
                // The client left without a close frame, which clients do.
            }
        }
    }

    /// Why the request may not become a WebSocket; `nil` where it may.
    func refusal(of request: HTTPRequest, query: String?) -> MarketDataError? {
        let policy = access.policy
        guard policy.isKnownHost(request.authority) else { return .badRequest("unknown host") }
        guard policy.allows(origin: request.headerFields[.origin], host: request.authority) else {
            return MarketDataError(.unauthorized, "pages of this origin may not connect; name it in CORS_ORIGINS")
        }
        do throws(MarketDataError) {
            _ = try access.key(of: request, query: query, now: clock())
            return nil
        } catch {
            return error
        }
    }

    /// The endpoints that serve a request to one of the paths that did not become a WebSocket.
    var endpoints: [Endpoint] {
        routes.map { route in
            Endpoint(route.path, access: .open, ignoresUnknownParameters: true) { _, request in
                if let refusal = refusal(of: request.head, query: request.uri.query) { throw refusal }
                let error = MarketDataError.badRequest("\(route.path) is a WebSocket; send an upgrade request")
                guard let version = HTTPField.Name("Sec-WebSocket-Version"), let wanted = request.headers[version],
                    wanted != "13"
                else { throw error }
                var response = error.response(status: .upgradeRequired)
                response.headers[version] = "13"
                return response
            }
        }
    }
}

/// How many streams are open, and how many may be.
final class StreamLimit: Sendable {
    private let open = Mutex(0)
    private let refused = Atomic(0)
    private let most: Int

    init(_ most: Int) { self.most = most }

    /// How many are open.
    var count: Int { open.withLock { $0 } }

    /// How many found no place.
    var rejected: Int { refused.load(ordering: .relaxed) }

    /// Takes a place, where there is one.
    func enter() -> Bool {
        let isAdmitted = open.withLock { open in
            guard open < most else { return false }
            open += 1
            return true
        }
        if !isAdmitted { refused.add(1, ordering: .relaxed) }
        return isAdmitted
    }

    /// Gives the place back.
    func leave() { open.withLock { $0 -= 1 } }
}

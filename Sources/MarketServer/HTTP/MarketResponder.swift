import HTTPTypes
import Hummingbird
import Logging
import MarketData
import MarketFormats

/// Answers every request that is not a WebSocket: finds the path, checks who asks, and puts failures into words.
struct MarketResponder: HTTPResponder {
    let routes: [String: Route]
    let sockets: [String: SocketRoute]
    let assets: DashboardAssets
    let access: AccessPolicy
    let limit: Duration
    /// What may have been meant by a bare ticker that stands for nothing.
    let propose: @Sendable (MarketDataError, String) async -> MarketDataError

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let origin = request.headers[.origin]
        let isAllowed = access.allows(origin: origin, host: request.head.authority)
        if request.method == .options, origin != nil { return preflight(origin, isAllowed: isAllowed) }
        var response = await answer(request, logger: context.logger)
        if let origin, isAllowed {
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.accessControlExposeHeaders] =
                (ProvenanceHeaders.names + ["Retry-After"]).joined(separator: ", ")
            response.headers[.vary] = "Origin"
        }
        if request.method == .get, response.isWorthCompressing {
            let vary = response.headers[.vary].map { "\($0), " } ?? ""
            response.headers[.vary] = vary + "Accept-Encoding"
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request, logger: Logger) async -> Response {
        do {
            return try await find(request)
        } catch let error as MarketDataError {
            return error.response()
        } catch is CancellationError {
            return MarketDataError(.upstreamTimeout, "the request was given up").response()
        } catch {
            logger.error("a request failed in an unforeseen way", metadata: ["error": "\(type(of: error))"])
            return MarketDataError(.overloaded, "the server failed in an unforeseen way")
                .response(status: .internalServerError)
        }
    }

    private func find(_ request: Request) async throws -> Response {
        let path = request.uri.path
        guard sockets[path] == nil else { throw noSocket(request) }
        guard let route = routes[path] ?? routes[path + "/"] else { return asset(path, request) }
        guard request.method == .get || request.method == .head else { return wrongMethod(request) }
        if !route.isOpen { try access.checkKey(of: request.head, query: request.uri.query) }
        let parameters = try QueryParameters(request.uri.query, known: route.parameters + ["key"])
        do {
            guard !route.isStream else { return try await route.respond(parameters, request) }
            return try await RequestTime.run(request, limit: limit) { try await route.respond(parameters, request) }
        } catch let error as MarketDataError where error.code == .symbolNotFound && error.source == nil {
            let name = try? parameters.text("symbol") ?? parameters.text("symbols")
            guard let name, !name.contains(where: { ":, ".contains($0) }) else { throw error }
            throw await propose(error, name)
        }
    }

    private func asset(_ path: String, _ request: Request) -> Response {
        guard let asset = assets.asset(at: path) else {
            let hint = DashboardAssets.hint(for: path) ?? "there is nothing at \(path)"
            return MarketDataError.badRequest(hint).response(status: .notFound)
        }
        guard request.method == .get || request.method == .head else { return wrongMethod(request) }
        return asset.response(ifNoneMatch: request.headers[.ifNoneMatch])
    }

    private func wrongMethod(_ request: Request) -> Response {
        let error = MarketDataError.badRequest(
            "\(request.method.rawValue) is not possible at \(request.uri.path); use GET")
        var response = error.response(status: .methodNotAllowed)
        response.headers[.allow] = "GET, HEAD"
        // A body that nobody reads would stand before the connection's next request.
        response.headers[.connection] = "close"
        return response
    }

    /// Why a request came here that should have become a WebSocket.
    private func noSocket(_ request: Request) -> MarketDataError {
        do {
            try access.checkKey(of: request.head, query: request.uri.query)
        } catch {
            return error
        }
        guard access.allows(origin: request.headers[.origin], host: request.head.authority) else {
            return MarketDataError(.unauthorized, "pages of this origin may not connect; name it in CORS_ORIGINS")
        }
        return .badRequest("\(request.uri.path) speaks WebSocket; ask for an upgrade")
    }

    private func preflight(_ origin: String?, isAllowed: Bool) -> Response {
        guard isAllowed, let origin else {
            return MarketDataError(
                .unauthorized, "pages of this origin may not call; name it in CORS_ORIGINS"
            ).response(status: .forbidden)
        }
        return Response(
            status: .noContent,
            headers: [
                .accessControlAllowOrigin: origin, .accessControlAllowMethods: "GET, HEAD, OPTIONS",
                .accessControlAllowHeaders: "Authorization, Content-Type, X-API-Key", .accessControlMaxAge: "600",
                .vary: "Origin",
            ])
    }
}

extension Response {
    /// Text long enough that a client who asks for gzip gains by it. A stream is sent as it comes.
    fileprivate var isWorthCompressing: Bool {
        guard let length = body.contentLength, length >= 1024, let type = headers[.contentType] else { return false }
        return AnswerFormat.allCases.contains { $0.contentType == type }
    }
}

import HTTPTypes
import Hummingbird
import Logging
import MarketData
import MarketFormats

/// Turns every failure into a response, in the shape of the interface that was called. A response whose connection carries
/// no other request says so.
struct FailureMiddleware: RouterMiddleware {
    /// The paths with a GET route; any other method on them is 405 rather than 404.
    let paths: Set<String>

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response = await outcome(of: request, context, next)
        if context.watch.hasBegun { response.headers[.connection] = "close" }
        return response
    }

    private func outcome(
        of request: Request, _ context: ServerContext, _ next: (Request, ServerContext) async throws -> Response
    ) async -> Response {
        do {
            return try await next(request, context)
        } catch let error as MarketDataError {
            return response(error, to: request)
        } catch let error as HTTPError where error.status == .notFound {
            return missing(request)
        } catch is CancellationError {
            return response(MarketDataError(.upstreamTimeout, "the request was cancelled"), to: request)
        } catch {
            context.logger.error("request failed unexpectedly", metadata: ["error": "\(type(of: error))"])
            let failure = MarketDataError(.overloaded, "the server failed unexpectedly; see its log")
            return response(failure, status: .internalServerError, to: request)
        }
    }

    private func missing(_ request: Request) -> Response {
        let path = request.uri.path
        guard request.method != .get, request.method != .head, paths.contains(path) || paths.contains(path + "/") else {
            let hint = DashboardAssets.hint(for: path) ?? "nothing is served at \(path); GET /v1 lists what is"
            return response(.badRequest(hint), status: .notFound, to: request)
        }
        let error = MarketDataError.badRequest("\(request.method.rawValue) is not possible at \(path); use GET")
        var refusal = response(error, status: .methodNotAllowed, to: request)
        refusal.headers[.allow] = "GET, HEAD"
        // An unread body would block the connection's next request.
        refusal.headers[.connection] = "close"
        return refusal
    }

    private func response(
        _ error: MarketDataError, status: HTTPResponse.Status? = nil, to request: Request
    ) -> Response {
        request.uri.path.hasPrefix("/udf/")
            ? UDFResponse.failure(error, status: status) : error.response(status: status)
    }
}

/// Refuses requests that are too long, or for a host that this server is not (DNS rebinding).
struct RequestCheckMiddleware: RouterMiddleware {
    let access: AccessControl

    /// The longest path and query in bytes: 200 symbols of the longest kind fit.
    static let longestTarget = 32 * 1024

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard (request.head.path?.utf8.count ?? 0) <= Self.longestTarget else {
            return MarketDataError(.tooLarge, "the request's path and query exceed \(Self.longestTarget) bytes")
                .response(status: .uriTooLong)
        }
        guard access.policy.isKnownHost(request.head.authority) else {
            return MarketDataError.badRequest(
                "this server does not accept the host '\(request.head.authority?.prefix(100) ?? "")'; "
                    + "name it in BHAV_HOSTS to allow it"
            ).response(status: .misdirectedRequest)
        }
        return try await next(request, context)
    }
}

/// Lets pages of configured origins read the responses, and handles their preflight requests.
struct CrossOriginMiddleware: RouterMiddleware {
    let access: AccessControl

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin] else { return try await next(request, context) }
        let isAllowed = access.policy.allows(origin: origin, host: request.head.authority)
        if request.method == .options { return preflight(origin, isAllowed: isAllowed) }
        var response = try await next(request, context)
        guard isAllowed else { return response }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] =
            (ProvenanceHeaders.names + ["ETag", "Retry-After", "X-Request-ID"]).joined(separator: ", ")
        response.headers.addVary("Origin")
        return response
    }

    private func preflight(_ origin: String, isAllowed: Bool) -> Response {
        guard isAllowed else {
            return MarketDataError(.unauthorized, "pages of this origin may not call; name it in CORS_ORIGINS")
                .response(status: .forbidden)
        }
        return Response(
            status: .noContent,
            headers: [
                .accessControlAllowOrigin: origin, .accessControlAllowMethods: "GET, HEAD, OPTIONS",
                .accessControlAllowHeaders: "Authorization, Content-Type, If-None-Match, Last-Event-ID, X-API-Key",
                .accessControlMaxAge: "600", .vary: "Origin",
            ])
    }
}

/// Marks the responses that are worth compressing, which the connection does for those who accept it.
struct CompressionMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if request.method == .get, response.isWorthCompressing || response.headers[.contentEncoding] != nil {
            response.headers.addVary("Accept-Encoding")
        }
        return response
    }
}

/// Serves the dashboard's files where no route matches.
struct DashboardMiddleware: RouterMiddleware {
    let assets: DashboardAssets

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            guard request.method == .get || request.method == .head,
                let asset = assets.asset(at: request.uri.path)
            else { throw error }
            let response = asset.response(ifNoneMatch: request.headers[.ifNoneMatch])
            return request.method == .head ? response.createHeadResponse() : response
        }
    }
}

extension HTTPFields {
    fileprivate mutating func addVary(_ name: String) {
        self[.vary] = self[.vary].map { "\($0), \(name)" } ?? name
    }
}

extension Response {
    /// Text long enough that a client who accepts gzip gains by it. A stream is sent as it comes.
    var isWorthCompressing: Bool {
        guard let length = body.contentLength, length >= 1024, let type = headers[.contentType] else { return false }
        return ResponseFormat.allCases.contains { $0.contentType == type } || type.hasPrefix("text/")
    }
}

/// Refuses callers without a key of the scope, where there are keys.
struct KeyMiddleware: RouterMiddleware {
    let access: AccessControl
    let scope: APIKey.Scope
    let clock: @Sendable () -> Timestamp

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let key = try access.key(of: request.head, query: request.uri.query, now: clock())
        try access.admit(key?.name ?? context.clientAddress)
        if let key, !key.allows(scope) {
            throw MarketDataError(.notEntitled, "the key '\(key.name)' does not have the scope '\(scope.rawValue)'")
        }
        return try await next(request, context)
    }
}

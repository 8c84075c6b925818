import Hummingbird
import Logging
import MarketData
import MarketFormats
import NIOCore

/// One GET route with its parameters.
struct Endpoint: Sendable {
    /// The permission that a caller needs.
    enum Access: Sendable, CaseIterable {
        /// Everybody, without a key.
        case open
        /// Callers with any valid key.
        case read
        /// Callers with a key of scope `admin`.
        case admin
    }

    typealias Handler = @Sendable (QueryParameters, Request) async throws -> Response

    let path: String
    /// The names of the parameters; any other is an error.
    let parameters: [String]
    let access: Access
    /// Whether the response lasts as long as the client listens, and so has no time limit.
    let isStream: Bool
    /// Whether the response is made without waiting for anything, and so needs no time limit.
    let isImmediate: Bool
    /// Whether unknown parameters are ignored, where a foreign protocol's clients add their own.
    let ignoresUnknownParameters: Bool
    /// Whether a parameter with an empty value counts as not given: the clients of foreign protocols send such ones.
    var ignoresEmptyParameters: Bool { !path.hasPrefix("/v1") }
    /// Returns the response that is cached, where there is one: it needs neither waiting nor a time limit.
    let respondAtOnce: @Sendable (QueryParameters, Request) throws -> Response?
    /// Returns the response; the request itself serves only to learn that the client has gone.
    let respond: Handler

    init(
        _ path: String, _ parameters: [String] = [], access: Access = .read, isStream: Bool = false,
        isImmediate: Bool = false, ignoresUnknownParameters: Bool = false,
        respondAtOnce: @escaping @Sendable (QueryParameters, Request) throws -> Response? = { _, _ in nil },
        respond: @escaping Handler
    ) {
        self.path = path
        self.parameters = parameters
        self.access = access
        self.isStream = isStream
        self.isImmediate = isImmediate
        self.ignoresUnknownParameters = ignoresUnknownParameters
        self.respondAtOnce = respondAtOnce
        self.respond = respond
    }

    /// A path whose response exists in every format and with every style of times.
    static func responding(
        _ path: String, _ parameters: [String],
        with make: @escaping @Sendable (QueryParameters) async throws -> any MarketResponse
    ) -> Endpoint {
        Endpoint(path, parameters + ["format", "time"]) { parameters, request in
            let format = try parameters.format()
            let times = try parameters.word("time", default: TimeStyle.unix)
            let result = try await make(parameters)
            return Response(result, as: format, times: times, to: request)
        }
    }

    /// The same, whose responses are served again for as long as a new request would get the same.
    static func reusing<Subject: Sendable>(
        _ cache: ResponseCache, _ path: String, _ parameters: [String],
        reading subject: @escaping @Sendable (QueryParameters) throws -> Subject,
        named name: @escaping @Sendable (Subject) -> ResponseCache.Key.Subject,
        with make: @escaping @Sendable (Subject) async throws -> Reusable<any MarketResponse>
    ) -> Endpoint {
        let key = { @Sendable (subject: Subject, parameters: QueryParameters) throws -> ResponseCache.Key in
            ResponseCache.Key(
                subject: name(subject), format: try parameters.format(),
                times: try parameters.word("time", default: TimeStyle.unix))
        }
        return Endpoint(
            path, parameters + ["format", "time"],
            respondAtOnce: { parameters, request in
                cache.response(for: try key(subject(parameters), parameters))?.response(to: request)
            },
            respond: { parameters, request in
                let subject = try subject(parameters)
                let key = try key(subject, parameters)
                let result = try await make(subject)
                guard let validity = result.validity else {
                    return Response(result.value, as: key.format, times: key.times, to: request)
                }
                let response = EncodedResponse(result.value, for: key, validity: validity)
                cache.keep(response)
                return response.response(to: request)
            })
    }

    /// The same route under another path.
    func alias(_ path: String) -> Endpoint {
        Endpoint(
            path, parameters, access: access, isStream: isStream, isImmediate: isImmediate,
            ignoresUnknownParameters: ignoresUnknownParameters, respondAtOnce: respondAtOnce, respond: respond)
    }
}

extension Router where Context == ServerContext {
    /// Routes GET requests for the endpoints, each behind the middleware of its access.
    func add(
        _ endpoints: [Endpoint], guards: [Endpoint.Access: KeyMiddleware],
        timeLimit: Duration, suggest: @escaping @Sendable (MarketDataError, String) async -> MarketDataError
    ) {
        for access in Endpoint.Access.allCases {
            let guarded: RouterGroup<ServerContext> = self.group()
            if let middleware = guards[access] { guarded.add(middleware: middleware) }
            for endpoint in endpoints where endpoint.access == access {
                guarded.get(RouterPath(endpoint.path)) { request, context in
                    try await endpoint.response(to: request, context.watch, timeLimit: timeLimit, suggest: suggest)
                }
            }
        }
    }
}

extension Endpoint {
    /// Reads the parameters and responds within the limit; an unknown ticker gets suggestions.
    fileprivate func response(
        to request: Request, _ watch: ClientWatch, timeLimit: Duration,
        suggest: (MarketDataError, String) async -> MarketDataError
    ) async throws -> Response {
        let known = parameters + ["key"]
        let query = try QueryParameters(
            request.uri.query, known: known, ignoresUnknown: ignoresUnknownParameters,
            ignoresEmpty: ignoresEmptyParameters)
        do {
            if let response = try respondAtOnce(query, request) { return response }
            guard !isStream, !isImmediate else { return try await respond(query, request) }
            return try await RequestTime.run(request, watch, limit: timeLimit) { try await respond(query, request) }
        } catch let error as MarketDataError where error.code == .symbolNotFound && error.source == nil {
            let name = try? query.text("symbol") ?? query.text("symbols")
            guard let name, !name.contains(where: { ":, ".contains($0) }) else { throw error }
            throw await suggest(error, name)
        }
    }
}

extension Response {
    /// The response to one request for data.
    fileprivate init(_ result: any MarketResponse, as format: ResponseFormat, times: TimeStyle, to request: Request) {
        let tag = (result as? BarSeries).map { EntityTag($0, variant: "\(format) \(times)") }
        let provenance = ProvenanceHeaders(result).fields
        if let unchanged = Response.unchanged(tag, provenance, for: request) {
            self = unchanged
            return
        }
        self.init(bytes: result.encoded(as: format, times: times), type: format.contentType)
        mark(tag, provenance)
    }
}

/// What the server knows of a request beside the request itself.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's address without its port; `nil` where the connection has none.
    let clientAddress: String?
    /// Whether the client is watched while the response is made.
    let watch = ClientWatch()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        clientAddress = source.channel.remoteAddress?.ipAddress
    }
}

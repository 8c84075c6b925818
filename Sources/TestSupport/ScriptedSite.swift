public import AsyncHTTPClient
public import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A web site on 127.0.0.1 that responds to every method as the test says, and keeps the requests that it got.
public final class ScriptedSite: Sendable {
    /// A request.
    public struct Request: Sendable {
        /// `GET`, `POST`, ...
        public let method: String
        /// Path and query as they came.
        public let target: String
        /// The path alone.
        public let path: String
        /// The decoded query; of several values of a name, the last.
        public let query: [String: String]
        /// The header fields.
        public let headers: HTTPFields
        /// The body as UTF-8.
        public let body: String

        /// Method and target, such as `GET /x?y=1`.
        public var line: String { "\(method) \(target)" }
    }

    /// A response.
    public struct Reply: Sendable {
        /// The status.
        public var status: Int
        /// The header fields; a name may be repeated.
        public var headers: [(name: String, value: String)]
        /// The body.
        public var bytes: [UInt8]
        /// Whether the response never comes.
        public var isSilent: Bool
        /// Whether the body never ends.
        public var isEndless: Bool

        /// A response; JSON unless the headers say otherwise.
        public init(
            status: Int = 200, headers: [(name: String, value: String)] = [("Content-Type", "application/json")],
            cookies: [String] = [], body: String = "", bytes: [UInt8]? = nil, isSilent: Bool = false,
            isEndless: Bool = false
        ) {
            self.status = status
            self.headers = headers + cookies.map { ("Set-Cookie", $0) }
            self.bytes = bytes ?? Array(body.utf8)
            self.isSilent = isSilent
            self.isEndless = isEndless
        }

        /// A web page.
        public static func page(_ body: String, status: Int = 200, cookies: [String] = []) -> Reply {
            Reply(status: status, headers: [("Content-Type", "text/html")], cookies: cookies, body: body)
        }

        /// A zip file.
        public static func file(_ bytes: [UInt8]) -> Reply {
            Reply(headers: [("Content-Type", "application/zip")], bytes: bytes)
        }

        /// A response that never comes.
        public static let silence = Reply(isSilent: true)
    }

    private struct State {
        var requests: [Request] = []
        var open = 0
        var mostOpen = 0
    }

    private let state = Mutex(State())
    private let respond: @Sendable (Request) -> Reply

    /// A site that computes each response.
    public init(_ respond: @escaping @Sendable (Request) -> Reply) { self.respond = respond }

    /// A site that replies by key, one reply after another; the last one stays.
    /// - Parameters:
    ///   - key: The key of a request; its path by default.
    ///   - missing: The reply for other keys.
    public convenience init(
        _ replies: [String: [Reply]], by key: @escaping @Sendable (Request) -> String = \.path,
        missing: Reply = .page("<html>Resource not found", status: 404)
    ) {
        let left = Mutex(replies)
        self.init { request in
            let key = key(request)
            return left.withLock { left in
                guard let replies = left[key], let reply = replies.first else { return missing }
                if replies.count > 1 { left[key]?.removeFirst() }
                return reply
            }
        }
    }

    /// The requests so far, in order.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// The most requests that were open at once.
    public var mostOpen: Int { state.withLock { $0.mostOpen } }

    /// Runs a site that computes each response, and gives the body its port and the site.
    public static func with<Result: Sendable>(
        _ respond: @escaping @Sendable (Request) -> Reply, _ body: (Int, ScriptedSite) async throws -> Result
    ) async throws -> Result {
        let site = ScriptedSite(respond)
        return try await site.run { try await body($0, site) }
    }

    /// Runs the site and gives the body its address and an HTTP client.
    public func run<Result: Sendable>(
        client configuration: HTTPClient.Configuration,
        _ body: @Sendable (String, HTTPClient) async throws -> Result
    ) async throws -> Result {
        let client = HTTPClient(configuration: configuration)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await run { try await body("http://127.0.0.1:\($0)", client) })
        } catch {
            outcome = .failure(error)
        }
        try await client.shutdown()
        return try outcome.get()
    }

    /// Runs the site and gives the body its port.
    public func run<Result: Sendable>(_ body: (Int) async throws -> Result) async throws -> Result {
        let (ports, listening) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { [self] request, _ in try await reply(to: request) },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) },
            logger: .quiet
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            guard let port = await ports.first(where: { $0 > 0 }) else {
                throw DeadlinePassed(description: "the server did not listen")
            }
            let outcome: Swift.Result<Result, any Error>
            do {
                outcome = .success(try await body(port))
            } catch {
                outcome = .failure(error)
            }
            await drain(port)
            group.cancelAll()
            return try outcome.get()
        }
    }

    /// Connects once more and waits for the response. Connections are accepted in order, so the server then knows those
    /// that a test cancelled while connecting; stopped while it accepts one, NIO's server traps.
    private func drain(_ port: Int) async {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(ScriptedSite.lastPath)")
        _ = try? await HTTPClient.shared.execute(request, timeout: .seconds(10))
    }

    private static let lastPath = "/goodbye"

    private func reply(to request: Hummingbird.Request) async throws -> Response {
        if request.uri.path == ScriptedSite.lastPath { return Response(status: .noContent) }
        let body = String(buffer: try await request.body.collect(upTo: 1 << 20))
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        let received = Request(
            method: request.method.rawValue, target: request.uri.string, path: request.uri.path, query: query,
            headers: request.headers, body: body)
        state.withLock { state in
            state.requests.append(received)
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
        }
        defer { state.withLock { $0.open -= 1 } }
        let reply = respond(received)
        if reply.isSilent { try await Task.sleep(for: .seconds(60)) }
        // Long enough for a second request to show itself, were there one.
        try await Task.sleep(for: .milliseconds(2))
        var fields = HTTPFields()
        for (name, value) in reply.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return Response(
            status: HTTPResponse.Status(code: reply.status), headers: fields,
            body: reply.isEndless
                ? ScriptedSite.endless(reply.bytes) : ResponseBody(byteBuffer: ByteBuffer(bytes: reply.bytes)))
    }

    /// A body that goes on, byte by byte, until the connection breaks.
    private static func endless(_ beginning: [UInt8]) -> ResponseBody {
        ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: beginning))
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(50))
                try await writer.write(ByteBuffer(string: " "))
            }
            try await writer.finish(nil)
        }
    }
}

import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import Logging
import MarketData
import NIOCore
import Synchronization
import TestSupport
import Trendlyne

/// A site that answers with what a test wrote down, and notes what it was asked.
final class ScriptedSite: Sendable {
    /// One answer.
    struct Reply: Sendable {
        var status = 200
        var headers: [String: String] = ["Content-Type": "application/json"]
        var body: String
        /// Whether the answer never comes.
        var isSilent = false

        static func data(_ body: String) -> Reply { Reply(body: ChainText.answer(body)) }

        static func page(_ body: String, status: Int = 200) -> Reply {
            Reply(status: status, headers: ["Content-Type": "text/html"], body: body)
        }

        static let silence = Reply(body: "", isSilent: true)
    }

    /// A request as it came.
    struct Seen: Sendable {
        var path: String
        var query: [String: String]
        var headers: HTTPFields
    }

    private struct State {
        var replies: [String: [Reply]]
        var seen: [Seen] = []
        var open = 0
        var mostOpen = 0
    }

    private let state: Mutex<State>

    init(_ replies: [String: [Reply]]) { state = Mutex(State(replies: replies)) }

    /// What was asked, in order.
    var seen: [Seen] { state.withLock { $0.seen } }

    /// The paths asked, in order, below `/phoenix/api/`.
    var paths: [String] { seen.map(\.path) }

    /// How many requests were in the air at once at the most.
    var mostOpen: Int { state.withLock { $0.mostOpen } }

    /// Runs the site and gives the body its address and an HTTP client.
    func run<Result: Sendable>(
        _ body: @Sendable (String, HTTPClient) async throws -> Result
    ) async throws -> Result {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: .quiet
        )
        let client = HTTPClient(configuration: TrendlyneClient.httpConfiguration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let outcome: Swift.Result<Result, any Error>
            let address = "http://127.0.0.1:\(await iterator.next() ?? 0)"
            do {
                outcome = .success(try await body(address, client))
            } catch {
                outcome = .failure(error)
            }
            try await client.shutdown()
            try await takeLeave(of: address)
            group.cancelAll()
            return try outcome.get()
        }
    }

    /// Connects once more and waits for the answer. Connections are accepted in order, so the server then knows those
    /// that a test gave up in the middle of connecting; stopped while it accepts one, NIO's server traps.
    private func takeLeave(of address: String) async throws {
        let client = HTTPClient(configuration: TrendlyneClient.httpConfiguration)
        let request = HTTPClientRequest(url: "\(address)/goodbye")
        _ = try? await client.execute(request, timeout: .seconds(10))
        try await client.shutdown()
    }

    private var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("goodbye") { _, _ in HTTPResponse.Status.noContent }
        router.get("**") { request, _ in try await self.reply(to: request) }
        return router
    }

    private func reply(to request: Request) async throws -> Response {
        let reply = take(request)
        defer { state.withLock { $0.open -= 1 } }
        if reply.isSilent { try await Task.sleep(for: .seconds(60)) }
        // Long enough for a second request to show itself, were there one.
        try await Task.sleep(for: .milliseconds(2))
        var headers = HTTPFields()
        for (name, value) in reply.headers { HTTPField.Name(name).map { headers[$0] = value } }
        return Response(
            status: HTTPResponse.Status(code: reply.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: reply.body))
        )
    }

    /// The next reply for the path; the last one stays.
    private func take(_ request: Request) -> Reply {
        let path = request.uri.path.replacing("/phoenix/api/", with: "", maxReplacements: 1)
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        return state.withLock { state in
            state.seen.append(Seen(path: path, query: query, headers: request.headers))
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
            let replies = state.replies[path] ?? [Reply(status: 404, body: "no such path")]
            if replies.count > 1 { state.replies[path]?.removeFirst() }
            return replies[0]
        }
    }
}

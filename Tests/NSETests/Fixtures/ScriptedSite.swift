import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NSE
import Synchronization
import TestSupport

/// A site that answers with what a test wrote down, and notes what it was asked.
final class ScriptedSite: Sendable {
    /// One answer.
    struct Reply: Sendable {
        var status = 200
        var headers: [(name: String, value: String)] = [("Content-Type", "application/json")]
        var body: String
        /// The body where it is no text.
        var bytes: [UInt8]?
        /// Whether the answer never comes.
        var isSilent = false

        static func page(_ body: String, status: Int = 200, cookies: [String] = []) -> Reply {
            let headers = [("Content-Type", "text/html")] + cookies.map { ("Set-Cookie", $0) }
            return Reply(status: status, headers: headers, body: body)
        }

        /// A file such as the archive gives away.
        static func file(_ bytes: [UInt8]) -> Reply {
            Reply(headers: [("Content-Type", "application/zip")], body: "", bytes: bytes)
        }

        static let silence = Reply(body: "", isSilent: true)
    }

    /// A request as it came.
    struct Seen: Sendable {
        /// The path, or the function's name where one path serves several.
        var place: String
        /// As it came.
        var address: String
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

    /// The places asked, in order.
    var places: [String] { seen.map(\.place) }

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
        let client = HTTPClient(configuration: NSEClient.httpConfiguration)
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
        let client = HTTPClient(configuration: NSEClient.httpConfiguration)
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
        for (name, value) in reply.headers {
            guard let name = HTTPField.Name(name) else { continue }
            headers.append(HTTPField(name: name, value: value))
        }
        return Response(
            status: HTTPResponse.Status(code: reply.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.bytes ?? Array(reply.body.utf8)))
        )
    }

    /// The next reply for the place; the last one stays.
    private func take(_ request: Request) -> Reply {
        let function = request.uri.queryParameters["functionName"].map { String($0) }
        let place = function ?? request.uri.path
        return state.withLock { state in
            state.seen.append(Seen(place: place, address: request.uri.string, headers: request.headers))
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
            let replies = state.replies[place] ?? [.page("<html>Resource not found", status: 404)]
            if replies.count > 1 { state.replies[place]?.removeFirst() }
            return replies[0]
        }
    }
}

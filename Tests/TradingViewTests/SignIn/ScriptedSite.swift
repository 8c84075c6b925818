import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import TestSupport

/// A web site on loopback that answers every method as the test says, and keeps what it was asked.
final class ScriptedSite: Sendable {
    struct Request: Sendable {
        let line: String
        let headers: HTTPFields
        let body: String
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [(String, String)] = []
        var cookies: [String] = []
        var body = ""
    }

    private let heard = Mutex<[Request]>([])

    /// Every request so far.
    var requests: [Request] { heard.withLock { $0 } }

    static func with<Result: Sendable>(
        _ answer: @escaping @Sendable (Request) -> Answer, _ body: (Int, ScriptedSite) async throws -> Result
    ) async throws -> Result {
        let site = ScriptedSite()
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                let text = String(buffer: try await request.body.collect(upTo: 1 << 20))
                let line = "\(request.method.rawValue) \(request.head.path ?? "")"
                let asked = Request(line: line, headers: request.headers, body: text)
                site.heard.withLock { $0.append(asked) }
                return response(answer(asked))
            },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) },
            logger: .quiet
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            guard let port = await ports.first(where: { $0 > 0 }) else {
                throw DeadlinePassed(description: "the server did not listen")
            }
            return try await body(port, site)
        }
    }

    private static func response(_ answer: Answer) -> Response {
        var fields = HTTPFields()
        for (name, value) in answer.headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        for cookie in answer.cookies { fields.append(HTTPField(name: .setCookie, value: cookie)) }
        return Response(
            status: .init(code: answer.status), headers: fields,
            body: .init(byteBuffer: ByteBuffer(string: answer.body)))
    }
}

import HTTPTypes
import Hummingbird
import Logging
import TestSupport

/// A web server on loopback that answers every request as the test says.
enum ScriptedWeb {
    struct Answer: Sendable {
        var status = 200
        var headers: [(String, String)] = []
        var body = ""
        /// Whether the body never ends.
        var isEndless = false
    }

    static func with<Result: Sendable>(
        _ answer: @escaping @Sendable (HTTPRequest) -> Answer, _ body: @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        router.get("/") { request, _ in response(answer(request.head)) }
        router.get("**") { request, _ in response(answer(request.head)) }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: .quiet
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            var iterator = ports.makeAsyncIterator()
            return try await body(await iterator.next() ?? 0)
        }
    }

    /// A body that goes on, byte by byte, until the connection breaks.
    private static func endless(_ beginning: String) -> ResponseBody {
        ResponseBody { writer in
            try await writer.write(ByteBuffer(string: beginning))
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(50))
                try await writer.write(ByteBuffer(string: " "))
            }
            try await writer.finish(nil)
        }
    }

    private static func response(_ answer: Answer) -> Response {
        var fields = HTTPFields()
        for (name, value) in answer.headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        return Response(
            status: .init(code: answer.status), headers: fields,
            body: answer.isEndless ? endless(answer.body) : .init(byteBuffer: ByteBuffer(string: answer.body)))
    }
}

import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import TestSupport
import WebSocketTransport

/// A Hummingbird server on a free port, with `/hello` for REST and WebSockets on `/ws`.
struct TestServer: Sendable {
    var configuration = WebSocketServerConfiguration()
    var tls: TLSConfiguration?
    var shouldUpgrade: HTTPServerBuilder.ShouldUpgradeToWebSocket

    /// Upgrades `/ws`, whatever its query, and runs the handler.
    init(
        configuration: WebSocketServerConfiguration = WebSocketServerConfiguration(),
        tls: TLSConfiguration? = nil,
        handler: @escaping WebSocketUpgradeDecision.Handler
    ) {
        self.configuration = configuration
        self.tls = tls
        shouldUpgrade = { request in
            request.path?.split(separator: "?").first == "/ws" ? .upgrade(handler: handler) : .refuse
        }
    }

    static let echo: WebSocketUpgradeDecision.Handler = { inbound, outbound, _ in
        for try await message in inbound { try await outbound.write(message) }
    }

    /// Runs the body with the port and a way to begin the graceful shutdown, then shuts down.
    func run<R: Sendable>(
        _ body: @Sendable @escaping (Int, @Sendable @escaping () async -> Void) async throws -> R
    ) async throws -> R {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        router.get("hello") { _, _ in "hello" }
        router.post("length") { request, _ in
            "\(try await request.body.collect(upTo: 1 << 20).readableBytes) bytes"
        }
        router.get("busy") { _, _ -> Response in
            Response(
                status: .tooManyRequests,
                headers: [.retryAfter: "7"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: String(repeating: "slow down ", count: 100)))
            )
        }
        router.get("private") { _, _ -> HTTPResponse.Status in .forbidden }
        var server = HTTPServerBuilder.webSocketUpgrade(configuration: configuration, shouldUpgrade: shouldUpgrade)
        if let tls { server = try .tls(server, tlsConfiguration: tls) }
        let application = Application(
            router: router,
            server: server,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: .quiet
        )
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [application], logger: .quiet)
        )
        return try await withThrowingTaskGroup(of: R?.self) { group in
            group.addTask {
                try await services.run()
                return nil
            }
            group.addTask {
                for await port in ports { return try await body(port) { await services.triggerGracefulShutdown() } }
                throw TestFailure("the server reported no port")
            }
            var result: R?
            while result == nil, let next = try await group.next() { result = next }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            guard let result else { throw TestFailure("the server ended before the test") }
            return result
        }
    }

    func run<R: Sendable>(_ body: @Sendable @escaping (Int) async throws -> R) async throws -> R {
        try await run { port, _ in try await body(port) }
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

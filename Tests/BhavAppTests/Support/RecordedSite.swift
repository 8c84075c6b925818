import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import NIOCore
import TestSupport

/// A site on loopback that gives the same JSON for a path each time.
enum RecordedSite {
    /// Runs the site and gives the body its address and an HTTP client.
    static func with<Result: Sendable>(
        _ responses: [String: [UInt8]], httpClient configuration: HTTPClient.Configuration,
        _ body: @Sendable (String, HTTPClient) async throws -> Result
    ) async throws -> Result {
        let router = Router()
        for (path, bytes) in responses {
            router.get(RouterPath(path)) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "application/json"],
                    body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            }
        }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: .quiet)
        let client = HTTPClient(configuration: configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let address = "http://127.0.0.1:\(await iterator.next() ?? 0)"
            let outcome: Swift.Result<Result, any Error>
            do {
                outcome = .success(try await body(address, client))
            } catch {
                outcome = .failure(error)
            }
            try await client.shutdown()
            group.cancelAll()
            return try outcome.get()
        }
    }
}

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

@Suite("Compressed responses")
struct CompressionTests {
    private static let long = "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=500"

    /// The encoding that the server names and the bytes as they came, which no client has unpacked.
    private func get(_ path: String, _ server: RunningServer, accepting: String?) async throws -> (String?, [UInt8]) {
        let client = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: .init(decompression: .disabled))
        do {
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)\(path)")
            if let accepting { request.headers.add(name: "Accept-Encoding", value: accepting) }
            let response = try await client.execute(request, timeout: .seconds(20))
            let body = try await response.body.collect(upTo: 1 << 20)
            try await client.shutdown()
            return (response.headers.first(name: "content-encoding"), Array(body.readableBytesView))
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    @Test(
        "a long response is gzipped for clients that accept it, also where they accept deflate too",
        arguments: ["gzip", "deflate, gzip", "gzip;q=0.5, deflate", "br, GZIP"])
    func gzip(accepted: String) async throws {
        try await RunningServer.with { server in
            let (encoding, bytes) = try await get(CompressionTests.long, server, accepting: accepted)
            #expect(encoding == "gzip")
            #expect(bytes.prefix(2) == [0x1F, 0x8B])
            let (none, plain) = try await get(CompressionTests.long, server, accepting: nil)
            #expect(none == nil)
            #expect(bytes.count < plain.count / 3)
            // The shared client unpacks what says that it is packed.
            let unpacked = try await server.get(CompressionTests.long, headers: [("Accept-Encoding", accepted)])
            #expect(unpacked.headers["content-encoding"] == "gzip")
            #expect(unpacked.bytes == plain)
        }
    }

    @Test("a short response, or one without gzip in the request, is sent uncompressed")
    func plain() async throws {
        try await RunningServer.with { server in
            for (path, accepted) in [
                ("/health/live", "gzip"), (CompressionTests.long, "gzip;q=0"), (CompressionTests.long, "br"),
            ] {
                let (encoding, bytes) = try await get(path, server, accepting: accepted)
                #expect(encoding == nil, "\(path) \(accepted)")
                #expect(bytes.first == UInt8(ascii: "{"))
            }
        }
    }
}

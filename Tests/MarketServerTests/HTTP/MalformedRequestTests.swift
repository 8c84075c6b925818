import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@Suite("Requests that are not HTTP", .timeLimit(.minutes(1)))
struct MalformedRequestTests {
    private static let health = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test(
        "return 400 on a kept-alive connection, and the server continues for others",
        arguments: [
            "\0\u{1}garbage\r\n\r\n",
            "POST /v1/bars HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nwhat\r\n",
        ])
    func garbage(text: String) async throws {
        try await RunningServer.with { server in
            let responses = try await responses(to: [MalformedRequestTests.health, text], server.port)
            #expect(responses.hasPrefix("HTTP/1.1 200"))
            #expect(responses.components(separatedBy: "HTTP/1.1 4").count == 2, "\(responses)")
            #expect(try await server.get("/health/live").status == 200)
        }
    }

    /// All responses of one connection until the server closes it: each text is sent after the response to the previous
    /// one.
    private func responses(to texts: [String], _ port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var unsent = texts[...]
            var responses = ""
            if let first = unsent.popFirst() { try await outbound.write(ByteBuffer(string: first)) }
            for try await bytes in inbound {
                responses += String(buffer: bytes)
                guard responses.contains("}"), let next = unsent.popFirst() else { continue }
                try await outbound.write(ByteBuffer(string: next))
            }
            return responses
        }
    }
}

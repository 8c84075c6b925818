import NIOCore
import Testing
import WebSocketTransport

@Suite("Invalid HTTP after a valid request", .timeLimit(.minutes(1)))
struct MalformedRequestTests {
    private static let chunked = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nwhat\r\n"

    @Test(
        "returns 400 on a kept-alive connection, and the server continues, with and without compression",
        arguments: [
            "\0\u{1}garbage\r\n\r\n", "POST /length HTTP/1.1\r\n" + chunked,
            "POST /length HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nContent-Length: x\r\n\r\n",
        ],
        [true, false]
    )
    func secondRequest(text: String, compresses: Bool) async throws {
        try await server(compresses).run { port in
            try await RawClient.run(port: port) { inbound, outbound in
                var iterator = inbound.makeAsyncIterator()
                try await outbound.write(ByteBuffer(string: MalformedRequestTests.hello))
                #expect(try await response(&iterator, endingWith: "hello").hasPrefix("HTTP/1.1 200"))
                try await outbound.write(ByteBuffer(string: text))
                let rest = try await response(&iterator)
                #expect(rest.hasPrefix("HTTP/1.1 400"))
                #expect(rest.contains("Content-Length: 0\r\n"))
            }
            try await expectsLife(port)
        }
    }

    @Test("waits for the response to a complete request before it in the same bytes", arguments: [true, false])
    func pipelined(compresses: Bool) async throws {
        try await server(compresses).run { port in
            try await RawClient.run(port: port) { inbound, outbound in
                var iterator = inbound.makeAsyncIterator()
                try await outbound.write(ByteBuffer(string: MalformedRequestTests.hello + "\0\u{1}garbage\r\n\r\n"))
                let text = try await response(&iterator)
                #expect(text.hasPrefix("HTTP/1.1 200"))
                #expect(text.contains("helloHTTP/1.1 400"))
            }
            try await expectsLife(port)
        }
    }

    @Test("in the body of an unread request ends the connection too")
    func unreadBody() async throws {
        try await server(true).run { port in
            try await RawClient.run(port: port) { inbound, outbound in
                var iterator = inbound.makeAsyncIterator()
                let request = "GET /hello HTTP/1.1\r\n" + MalformedRequestTests.chunked
                try await outbound.write(ByteBuffer(string: MalformedRequestTests.hello))
                _ = try await response(&iterator, endingWith: "hello")
                try await outbound.write(ByteBuffer(string: request))
                #expect(try await response(&iterator).hasPrefix("HTTP/1.1 "))
            }
            try await expectsLife(port)
        }
    }

    private static let hello = "GET /hello HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"

    private func server(_ compresses: Bool) -> TestServer {
        TestServer(configuration: WebSocketServerConfiguration(compresses: compresses), handler: TestServer.echo)
    }

    /// Another connection is served.
    private func expectsLife(_ port: Int) async throws {
        try await RawClient.run(port: port) { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            try await outbound.write(ByteBuffer(string: MalformedRequestTests.hello))
            #expect(try await response(&iterator, endingWith: "hello").hasPrefix("HTTP/1.1 200"))
        }
    }

    /// What comes until the text ends so, or the connection does.
    private func response(
        _ iterator: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, endingWith ending: String? = nil
    ) async throws -> String {
        var text = ""
        while ending.map({ !text.hasSuffix($0) }) ?? true, let bytes = try await iterator.next() {
            text += String(buffer: bytes)
        }
        return text
    }
}

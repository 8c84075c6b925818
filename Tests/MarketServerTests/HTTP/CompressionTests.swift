import Foundation
import MarketServer
import Testing

@Suite("Compressed answers")
struct CompressionTests {
    private static let long = "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=500"

    @Test(
        "a long answer is gzipped for those who accept that, also where they would take deflate too",
        arguments: ["gzip", "deflate, gzip", "gzip;q=0.5, deflate", "br, GZIP"])
    func gzip(accepted: String) async throws {
        try await RunningServer.with { server in
            let answer = try await server.get(CompressionTests.long, headers: [("Accept-Encoding", accepted)])
            #expect(answer.status == 200)
            #expect(answer.headers["content-encoding"] == "gzip")
            #expect(answer.headers["vary"] == "Accept-Encoding")
            let plain = try await server.get(CompressionTests.long)
            #expect(plain.headers["content-encoding"] == nil)
            #expect(answer.bytes.prefix(2) == [0x1F, 0x8B])
            #expect(answer.bytes.count < plain.bytes.count / 3)
        }
    }

    @Test("what is short, or asked for without a word of gzip, or by HEAD, is sent as it is")
    func plain() async throws {
        try await RunningServer.with { server in
            for (path, accepted) in [
                ("/health/live", "gzip"), (CompressionTests.long, "gzip;q=0"), (CompressionTests.long, "br"),
            ] {
                let answer = try await server.get(path, headers: [("Accept-Encoding", accepted)])
                #expect(answer.headers["content-encoding"] == nil, "\(path) \(accepted)")
            }
        }
    }
}

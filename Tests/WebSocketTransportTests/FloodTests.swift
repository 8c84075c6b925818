import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing
import WebSocketTransport

/// Clients that send much and read little, or open much and send nothing.
@Suite("Floods and idle clients", .serialized, .timeLimit(.minutes(2)))
struct FloodTests {
    @Test("a client that floods with pings and reads nothing is not read any more, and memory stays bounded")
    func pingFlood() async throws {
        var configuration = WebSocketServerConfiguration()
        // The server's own pings end a stuck connection; here only the back-pressure is of interest.
        configuration.connection.pingInterval = nil
        try await TestServer(configuration: configuration, handler: TestServer.echo).run { port in
            let accepted = Counter()
            let before = FloodTests.residentBytes
            try await RawClient.run(port: port) { _, outbound in
                try await outbound.write(RawClient.upgradeRequest())
                var pings = ByteBuffer()
                // 500 masked pings of 125 bytes.
                for _ in 0..<500 {
                    pings.writeBytes([0x89, 0xFD, 0, 0, 0, 0])
                    pings.writeRepeatingByte(0x61, count: 125)
                }
                let flood = pings
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for _ in 0..<8_000 {
                            try await outbound.write(flood)
                            accepted.add(flood.readableBytes)
                        }
                    }
                    // The server is done once nothing more is taken for a second.
                    var (last, unchanged) = (-1, 0)
                    try await waitUntil("the server takes no more", within: .seconds(60)) {
                        let now = accepted.value
                        unchanged = now == last && now > 0 ? unchanged + 1 : 0
                        last = now
                        return unchanged >= 200
                    }
                    group.cancelAll()
                }
            }
            // Without back-pressure all 524 MB are taken: what is, is in the kernel's buffers (32 MB each way where it may
            // widen them) and in some of ours.
            #expect(accepted.value < 128 << 20)
            #expect(FloodTests.residentBytes - before < 64 << 20)
            try await FloodTests.expectHello(port)
        }
    }

    @Test("for a client that reads nothing the kernel keeps little, so that what it gets later is recent")
    func unsentBytes() async throws {
        let written = Counter()
        let server = TestServer { _, outbound, _ in
            while true {
                try await outbound.write(text: String(repeating: "x", count: 16 << 10))
                written.add(16 << 10)
            }
        }
        try await server.run { port in
            try await RawClient.run(port: port) { _, outbound in
                try await outbound.write(RawClient.upgradeRequest())
                var (last, unchanged) = (-1, 0)
                try await waitUntil("the connection takes no more", within: .seconds(60)) {
                    unchanged = written.value == last && last > 0 ? unchanged + 1 : 0
                    last = written.value
                    return unchanged >= 100
                }
            }
            // The kernel takes four million bytes by default.
            #expect(written.value < 2 << 20)
        }
    }

    @Test("connections whose first request arrives byte by byte are closed in time, and others are served meanwhile")
    func slowLoris() async throws {
        let configuration = WebSocketServerConfiguration(firstRequestTimeout: .milliseconds(500))
        try await TestServer(configuration: configuration, handler: TestServer.echo).run { port in
            let closed = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try? await RawClient.run(port: port) { inbound, outbound in
                            try await withThrowingTaskGroup(of: Void.self) { both in
                                both.addTask {
                                    for byte in Array("GET /hello HTTP/1.1\r\nX: ".utf8)
                                        + Array(repeating: UInt8(ascii: "x"), count: 4000)
                                    {
                                        try await outbound.write(ByteBuffer(bytes: [byte]))
                                        try await Task.sleep(for: .milliseconds(20))
                                    }
                                }
                                both.addTask { for try await _ in inbound {} }
                                defer { both.cancelAll() }
                                try await both.next()
                            }
                        }
                        closed.add(1)
                    }
                }
                try await FloodTests.expectHello(port)
                // The drip would take 80 s.
                try await waitUntil("all are closed", within: .seconds(30)) {
                    closed.value == 100
                }
                group.cancelAll()
            }
        }
    }

    @Test("2,000 idle connections are closed, and others are served meanwhile")
    func idleConnections() async throws {
        _ = DescriptorLimit.raise()
        // Both ends are in this process.
        let count = min(2_000, ((DescriptorLimit.current ?? 1_024) - 400) / 2)
        let configuration = WebSocketServerConfiguration(firstRequestTimeout: .seconds(10))
        try await TestServer(configuration: configuration, handler: TestServer.echo).run { port in
            let open = Counter()
            let closed = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    group.addTask {
                        try? await RawClient.run(port: port) { inbound, _ in
                            open.add(1)
                            for try await _ in inbound {}
                        }
                        closed.add(1)
                    }
                    // No more at once than the kernel queues for a listening socket.
                    if number % 100 == 99 {
                        try await waitUntil("these are open", within: .seconds(30)) { open.value == number + 1 }
                    }
                }
                try await waitUntil("all are open", within: .seconds(60)) { open.value == count }
                try await FloodTests.expectHello(port)
                try await waitUntil("all are closed", within: .seconds(60)) {
                    closed.value == count
                }
                try await group.waitForAll()
            }
        }
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .relaxed) }
        func add(_ number: Int) { count.add(number, ordering: .relaxed) }
    }

    private static func expectHello(_ port: Int) async throws {
        let text = try await RawClient.run(port: port) { inbound, outbound in
            let request = "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            try await outbound.write(ByteBuffer(string: request))
            var text = ""
            for try await bytes in inbound { text += String(buffer: bytes) }
            return text
        }
        #expect(text.hasPrefix("HTTP/1.1 200"))
    }

    /// The process's resident memory.
    private static var residentBytes: Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
    }
}

@Suite(
    "A certificate that is replaced",
    .enabled(if: TestCertificates.openssl != nil, "there is no openssl to make certificates with"),
    .timeLimit(.minutes(1))
)
struct CertificateReloadTests {
    @Test("new connections use the files read last, and unreadable files change nothing")
    func reload() async throws {
        let certificates = try TestCertificates()
        _ = try certificates.selfSigned(name: "first", alternatives: "DNS:localhost,IP:127.0.0.1")
        _ = try certificates.selfSigned(name: "second", alternatives: "DNS:localhost,IP:127.0.0.1")
        let inUse = certificates.path("in-use.pem")
        @Sendable func use(_ name: String) throws {
            try Data(contentsOf: URL(fileURLWithPath: certificates.path(name))).write(to: URL(fileURLWithPath: inUse))
        }
        try use("first.pem")
        let certificate = try ServerCertificate(certificateFile: inUse, keyFile: certificates.path("key.pem"))
        var configuration = WebSocketServerConfiguration()
        configuration.certificate = certificate
        try await TestServer(configuration: configuration, handler: TestServer.echo).run { port in
            func isTrusted(_ name: String) async -> Bool {
                let trust = WebSocketTrust(includesSystemRoots: false, certificateFile: certificates.path(name))
                let connected = try? await WebSocketClient.connect(
                    to: "wss://localhost:\(port)/ws", configuration: WebSocketClientConfiguration(trust: trust),
                    logger: .quiet
                ) { _, _ in true }
                return connected ?? false
            }
            #expect(await isTrusted("first.pem"))
            #expect(await !isTrusted("second.pem"))
            try use("second.pem")
            try certificate.reload()
            #expect(await isTrusted("second.pem"))
            #expect(await !isTrusted("first.pem"))
            try Data("no certificate".utf8).write(to: URL(fileURLWithPath: inUse))
            #expect(throws: WebSocketError.self) { try certificate.reload() }
            #expect(await isTrusted("second.pem"))
        }
    }
}

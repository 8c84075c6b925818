import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import TestSupport
import Testing

/// `bhav serve` as a process: signals, and too few descriptors.
@Suite("A server's signals and descriptors, as a process", .serialized, .timeLimit(.minutes(3)))
struct ServerSignalTests {
    /// A running `bhav serve`, with what it writes.
    private final class Server: Sendable {
        let process: Process
        let port: Int
        let folder: URL

        init(process: Process, port: Int, folder: URL) {
            self.process = process
            self.port = port
            self.folder = folder
        }
    }

    private static func withServer(
        _ arguments: [String], upstream: Int = 9, environment: [String: String] = [:], descriptors: Int? = nil,
        _ body: (Server) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bhav-signals-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let limit = descriptors.map { "ulimit -n \($0); " } ?? ""
        process.arguments =
            ["-c", limit + #"exec "$0" "$@""#, BhavProcess.program.path, "serve", "--port", "0"] + arguments
        let address = "127.0.0.1:\(upstream)"
        let settings = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "BHAV_DATA": folder.path,
            "TRADINGVIEW_URL": "ws://\(address)", "TRADINGVIEW_WEB_URL": "http://\(address)",
            "TRADINGVIEW_SEARCH_URL": "http://\(address)", "TRADINGVIEW_SCANNER_URL": "http://\(address)",
            "TRENDLYNE_URL": "http://\(address)", "NSE_URL": "http://\(address)",
            "NSE_ARCHIVES_URL": "http://\(address)",
        ]
        process.environment = BhavProcess.inherited.merging(settings) { $1 }.merging(environment) { $1 }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        let written = folder.appending(path: "output")
        try Data().write(to: written)
        let output = try FileHandle(forWritingTo: written)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        var port = 0
        try await waitUntil("the server listens", within: .seconds(30)) {
            let text = (try? String(contentsOf: written, encoding: .utf8)) ?? ""
            port = text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.output.1) } ?? 0
            return port > 0
        }
        try await body(Server(process: process, port: port, folder: folder))
    }

    private static func status(
        _ path: String, _ server: Server, key: String? = nil, seconds: Double = 20
    ) async throws -> Int {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)\(path)")
        if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        let response = try await HTTPClient.shared.execute(request, timeout: .milliseconds(Int64(seconds * 1000)))
        _ = try await response.body.collect(upTo: 1 << 24)
        return Int(response.status.code)
    }

    /// A TCP server that accepts and never responds, while the body runs.
    private static func withSilentUpstream(_ body: (Int) async throws -> Void) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(listener.localAddress?.port ?? 0)
        } catch {
            try? await listener.close()
            throw error
        }
        try await listener.close()
    }

    @Test("SIGTERM ends it within seconds while 20 requests wait for an upstream that does not respond")
    func stalledRequests() async throws {
        try await Self.withSilentUpstream { upstream in
            try await Self.withServer([], upstream: upstream) { server in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask {
                            let path =
                                number.isMultiple(of: 2)
                                ? "/v1/bars?symbol=NSE:NIFTY&interval=\(number + 1)m&count=10"
                                : "/v1/open-interest?symbol=NSE:NIFTY"
                            _ = try? await Self.status(path, server, seconds: 90)
                        }
                    }
                    try await waitUntil("requests wait") { try await Self.status("/health/live", server) == 200 }
                    try await Task.sleep(for: .milliseconds(500))
                    let start = ContinuousClock.now
                    server.process.terminate()
                    try await waitUntil("it ends", within: .seconds(15)) { !server.process.isRunning }
                    // Five seconds, and some for a busy machine; without the limit it took 59.
                    #expect(ContinuousClock.now - start < .seconds(8))
                    #expect(server.process.terminationStatus == 0)
                    group.cancelAll()
                }
            }
        }
    }

    @Test("SIGHUP loads new keys, rejects old ones, and keeps serving")
    func reload() async throws {
        let keys = [
            (
                text: "first-key-of-the-test-0123456789",
                digest: "7233e8114485a631e57f1e03c1396ff26a0dd0c09ffc787ff8775f3ff6712e8b"
            ),
            (
                text: "second-key-of-the-test-0123456789",
                digest: "9991878b48d579ee3c37488ec92f07d0e0d6050561999c8bd54932ed385f1035"
            ),
        ]
        let folder = FileManager.default.temporaryDirectory.appending(path: "bhav-keys-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "keys").path
        func use(_ number: Int) throws {
            try "test read never sha256:\(keys[number].digest)\n".write(toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        }
        try use(0)
        try await Self.withServer(["--mock"], environment: ["BHAV_KEYS_FILE": file]) { server in
            #expect(try await Self.status("/v1/status", server, key: keys[0].text) == 200)
            #expect(try await Self.status("/v1/status", server, key: keys[1].text) == 401)
            try use(1)
            kill(server.process.processIdentifier, SIGHUP)
            try await waitUntil("the new key is known") {
                try await Self.status("/v1/status", server, key: keys[1].text) == 200
            }
            #expect(try await Self.status("/v1/status", server, key: keys[0].text) == 401)
            // A file that cannot be read changes nothing.
            try "no key\n".write(toFile: file, atomically: true, encoding: .utf8)
            kill(server.process.processIdentifier, SIGHUP)
            try await Task.sleep(for: .milliseconds(500))
            #expect(try await Self.status("/v1/status", server, key: keys[1].text) == 200)
            #expect(server.process.isRunning)
        }
    }

    @Test("without free descriptors it neither spins nor exits, and serves again once some are free")
    func descriptors() async throws {
        try await Self.withServer(["--mock"], descriptors: 80) { server in
            let idle = try await withThrowingTaskGroup(of: (any Channel)?.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                            .connectTimeout(.seconds(5)).connect(host: "127.0.0.1", port: server.port).get()
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.compactMap { $0 }
            }
            #expect(idle.count > 80)
            let before = try Self.processorSeconds(server)
            try await Task.sleep(for: .seconds(2))
            #expect(try Self.processorSeconds(server) - before < 1)
            for channel in idle { try? await channel.close() }
            try await waitUntil("it serves again", within: .seconds(30)) {
                (try? await Self.status("/health/live", server, seconds: 2)) == 200
            }
        }
    }

    /// User and system time of the process.
    private static func processorSeconds(_ server: Server) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(server.process.processIdentifier)/stat", encoding: .utf8)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.count > 12 ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

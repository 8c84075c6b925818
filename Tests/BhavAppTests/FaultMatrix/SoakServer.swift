import AsyncHTTPClient
import BhavApp
import Foundation
import JSON
import MarketData
import MarketServer
import NIOCore
import Synchronization
import TestSupport
import Testing
import UpstreamSimulator

/// The server of the soak, in a separate process: this test bundle again, of which only `SoakServerTests` runs. The
/// simulated upstream, the proxy and the viewers are in this process.
struct SoakServer: Sendable {
    /// What the system says of the server's process.
    struct Usage: Sendable {
        /// Memory that it allocated: without the pages of the program and of the store that it has read.
        var kilobytes: Double
        var descriptors: Int
    }

    let simulator: UpstreamSimulator
    let proxy: FaultProxy
    let port: Int
    private let process: Int32
    private let folder: URL

    /// Runs all of it for as long as the body does.
    static func with<Result: Sendable>(
        _ body: @escaping @Sendable (SoakServer) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bhav-soak-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var upstream = SimulatorConfiguration(scenario: .paidPlan)
        upstream.heartbeatSeconds = 5
        return try await UpstreamSimulator.withRunning(upstream, logger: .quiet) { simulator, port in
            try await FaultProxy.withRunning(target: port) { proxy, proxyPort in
                let process = try start(in: folder, upstream: "127.0.0.1:\(proxyPort)")
                defer { kill(process, SIGKILL) }
                let file = folder.appending(path: "port")
                try await waitUntil("the server listens", within: .seconds(60)) {
                    (try? String(contentsOf: file, encoding: .utf8)).flatMap { Int($0) } != nil
                }
                let port = Int(try String(contentsOf: file, encoding: .utf8)) ?? 0
                return try await body(
                    SoakServer(simulator: simulator, proxy: proxy, port: port, process: process, folder: folder))
            }
        }
    }

    private static func start(in folder: URL, upstream: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--testing-library", "swift-testing", "--filter", "SoakServerTests"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["BHAV_SOAK_UPSTREAM": upstream, "BHAV_SOAK_FOLDER": folder.path]) { $1 }
        process.standardInput = FileHandle.nullDevice
        let log = folder.appending(path: "log")
        try Data().write(to: log)
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return process.processIdentifier
    }

    /// Moves the server's clock away from the right time.
    func shiftClock(bySeconds seconds: Int64) throws {
        try "\(seconds)".write(to: folder.appending(path: "shift"), atomically: true, encoding: .utf8)
    }

    /// - Throws: Where the process has ended.
    func usage() throws -> Usage {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let allocated = status.firstMatch(of: /RssAnon:\s+(\d+) kB/).flatMap { Double($0.output.1) }
        return Usage(
            kilobytes: try #require(allocated, "the server has ended"),
            descriptors: try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count)
    }

    /// What `/v1/status` says of the subscriptions of each symbol.
    func subscriptions() async -> [String: String] {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/v1/status")
        guard let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(10)),
            let body = try? await response.body.collect(upTo: 1 << 24),
            let value = JSONValue(parsing: Array(body.readableBytesView))
        else { return [:] }
        let words = (value["subscriptions"]?.array ?? []).map { subscription in
            let texts = ["channel", "interval", "state", "reason"].compactMap { subscription[$0]?.string }
            return (subscription["symbol"]?.string ?? "", texts.joined(separator: " "))
        }
        return Dictionary(words) { "\($0), \($1)" }
    }
}

/// Runs in the soak's second process only.
@Suite("The server of the soak")
struct SoakServerTests {
    private static let environment = ProcessInfo.processInfo.environment

    @Test("serves while the soak lasts", .enabled(if: environment["BHAV_SOAK_UPSTREAM"] != nil))
    func serve() async throws {
        let upstream = try #require(SoakServerTests.environment["BHAV_SOAK_UPSTREAM"])
        let folder = URL(fileURLWithPath: try #require(SoakServerTests.environment["BHAV_SOAK_FOLDER"]))
        let soak = getppid()
        #expect(HeapArenas.limit())
        var settings = LiveServer.Settings()
        let clock = ShiftedClock()
        settings.clock = { clock.now }
        settings.limits.slowClientTime = .seconds(10)
        settings.folder = folder.path
        try await LiveServer.withServer(settings, at: upstream) { _, _, port in
            try "\(port)".write(to: folder.appending(path: "port"), atomically: true, encoding: .utf8)
            // The soak ends this process; where the soak itself was ended, it has another parent.
            while getppid() == soak {
                clock.shift(to: folder.appending(path: "shift"))
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }
}

/// A clock that is wrong by the seconds that a file says.
private final class ShiftedClock: Sendable {
    private let seconds = Mutex<Int64>(0)

    var now: Timestamp { SystemClock.now().advanced(bySeconds: seconds.withLock { $0 }) }

    func shift(to file: URL) {
        guard let text = try? String(contentsOf: file, encoding: .utf8), let shift = Int64(text) else { return }
        seconds.withLock { $0 = shift }
    }
}

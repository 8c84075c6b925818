import ArgumentParser
import BhavApp
import Dispatch
import Foundation
import JSON
import MarketData
import MarketStore
import Synchronization

/// `bhav mcp`: market data for assistants.
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Serve market data to assistants over the Model Context Protocol.",
        discussion: """
            Speaks MCP on standard input and output, read-only: search, bars, quotes, expiries, open interest, option chain, \
            put-call ratio, coverage and status. Each answer has its provenance and is bounded in size. An assistant starts \
            it with the command bhav and the arguments mcp, or mcp --mock.
            """
    )

    @OptionGroup var market: MarketOptions

    func run() async throws {
        let hasStore = (try? market.configuration()).map {
            SQLiteMarketStore.exists(in: $0.dataFolder, contents: $0.storeContents)
        }
        try await market.withMarket(remembering: hasStore ?? false, asking: {}) { market, _ in
            let tools = MCPMarket(market: market, now: SystemClock.now)
            try await MCPSession(server: MCPServer(call: { try await tools.call($0, $1) })).run()
        }
    }
}

/// Reads messages from standard input and writes the responses to standard output, several calls at a time.
private final class MCPSession: Sendable {
    /// How many calls are carried out at a time; further messages wait in the pipe.
    private static let atOnce = 8

    private let server: MCPServer
    private let output = Mutex(())

    init(server: MCPServer) { self.server = server }

    func run() async throws {
        var input = LineInput(longest: MCPServer.longest)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            while let line = try await input.next() {
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
                if running == MCPSession.atOnce {
                    try await group.next()
                    running -= 1
                }
                running += 1
                group.addTask {
                    if let response = await self.server.response(to: line) {
                        try self.write(response.encoded() + [0x0A])
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func write(_ line: [UInt8]) throws { try output.withLock { _ in try DataOutput().write(line) } }
}

/// The lines of standard input, read without blocking the program's end.
struct LineInput {
    private let longest: Int
    private var bytes: [UInt8] = []
    private var isAtEnd = false

    /// - Parameter longest: Of a longer line one byte more is kept, so that its reader sees that it is too long.
    init(longest: Int) { self.longest = longest }

    /// Returns the next line without its end, or `nil` at the end of the input.
    /// - Throws: `CancellationError`.
    mutating func next() async throws -> [UInt8]? {
        var searched = 0
        while true {
            if let end = bytes[searched...].firstIndex(of: 0x0A) {
                let line = Array(bytes[..<end].prefix(longest + 1))
                bytes.removeSubrange(...end)
                return line
            }
            if isAtEnd {
                defer { bytes = [] }
                return bytes.isEmpty ? nil : bytes
            }
            if bytes.count > longest { bytes.removeSubrange((longest + 1)...) }
            searched = bytes.count
            let more = try await LineInput.read()
            isAtEnd = more?.isEmpty ?? false
            bytes += more ?? []
        }
    }

    /// Waits for input for a fifth of a second; `nil` where none came, empty at the end.
    private static func read() async throws -> [UInt8]? {
        try Task.checkCancellation()
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
                guard poll(&descriptor, 1, 200) > 0 else { return continuation.resume(returning: nil) }
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                let count = buffer.withUnsafeMutableBytes { Foundation.read(STDIN_FILENO, $0.baseAddress, $0.count) }
                continuation.resume(returning: count > 0 ? Array(buffer.prefix(count)) : [])
            }
        }
    }
}

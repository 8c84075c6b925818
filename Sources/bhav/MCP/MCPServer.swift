import ArgumentParser
import BhavApp
import Dispatch
import Foundation
import JSON
import MarketData
import MarketFormats
import MarketStore
import Synchronization

/// `bhav mcp`: market data for assistants.
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Serve market data to assistants over the Model Context Protocol.",
        discussion: """
            Speaks MCP on standard input and output, read-only: search, bars, quotes, expiries, open interest, option \
            chain, put-call ratio, coverage and status. Each response has its provenance and is bounded in size. An \
            assistant starts it with the command bhav and the arguments mcp, or mcp --mock.
            """
    )

    @OptionGroup var market: MarketOptions

    func run() async throws {
        let hasStore = (try? market.configuration()).map {
            SQLiteMarketStore.exists(in: $0.dataFolder, contents: $0.storeContents)
        }
        try await market.withMarket(usingStore: hasStore ?? false, reading: {}) { market, _ in
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

/// A pure Model Context Protocol server: JSON-RPC 2.0, one message a line; requests in, responses out.
struct MCPServer: Sendable {
    /// The versions of the protocol that are spoken, the newest first.
    static let versions = ["2025-06-18", "2025-03-26", "2024-11-05"]
    /// The longest message that is read, in bytes.
    static let longest = 1 << 20

    /// Carries out a call of a tool.
    let call: @Sendable (MCPTool, JSONValue?) async throws -> String

    /// Returns the response to a message; `nil` for a notification.
    func response(to line: [UInt8]) async -> JSONValue? {
        guard line.count <= MCPServer.longest else {
            return MCPServer.failure(.null, -32600, "the message is longer than \(MCPServer.longest) bytes")
        }
        guard let message = JSONValue(parsing: line) else {
            return MCPServer.failure(.null, -32700, "the message is not JSON")
        }
        guard case .object = message, message["jsonrpc"]?.string == "2.0", let method = message["method"]?.string else {
            // A response is ignored: this server sends no requests.
            if message["result"] != nil || message["error"] != nil { return nil }
            return MCPServer.failure(message["id"] ?? .null, -32600, "the message is not a JSON-RPC 2.0 request")
        }
        guard let id = message["id"] else { return nil }
        return await response(id, method, message["params"])
    }

    private func response(_ id: JSONValue, _ method: String, _ parameters: JSONValue?) async -> JSONValue {
        switch method {
        case "initialize":
            let requested = parameters?["protocolVersion"]?.string
            let version = requested.flatMap { MCPServer.versions.contains($0) ? $0 : nil } ?? MCPServer.versions[0]
            return MCPServer.success(
                id,
                [
                    "protocolVersion": .string(version), "capabilities": ["tools": ["listChanged": false]],
                    "serverInfo": ["name": "bhav", "title": "Bhav market data", "version": .string(Release.version)],
                    "instructions":
                        "Market data with provenance. Every response has its source, mode (streaming, delayed, endOfDay, recorded or simulated), delay and time; repeat them with the numbers. null is unknown, never zero.",
                ])
        case "ping": return MCPServer.success(id, [:])
        case "tools/list": return MCPServer.success(id, ["tools": .array(MCPTool.all.map(\.listing))])
        case "tools/call": return await toolResponse(id, parameters)
        default: return MCPServer.failure(id, -32601, "unknown method '\(method.prefix(60))'")
        }
    }

    private func toolResponse(_ id: JSONValue, _ parameters: JSONValue?) async -> JSONValue {
        let name = parameters?["name"]?.string ?? ""
        guard let tool = MCPTool.all.first(where: { $0.name == name }) else {
            let known = MCPTool.all.map(\.name).joined(separator: ", ")
            return MCPServer.failure(id, -32602, "unknown tool '\(name.prefix(60))'; the tools are \(known)")
        }
        do {
            return MCPServer.success(
                id, MCPServer.content(try await call(tool, parameters?["arguments"]), isError: false))
        } catch {
            let known = error as? MarketDataError ?? MarketDataError(.upstreamUnavailable, "\(error)")
            var json = JSONWriter(capacity: 512)
            known.write(to: &json)
            let text = String(decoding: json.bytes, as: UTF8.self)
            return MCPServer.success(id, MCPServer.content(text, isError: true))
        }
    }

    private static func content(_ text: String, isError: Bool) -> JSONValue {
        ["content": [["type": "text", "text": .string(text)]], "isError": .bool(isError)]
    }

    private static func success(_ id: JSONValue, _ result: JSONValue) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "result": result]
    }

    private static func failure(_ id: JSONValue, _ code: Int, _ message: String) -> JSONValue {
        [
            "jsonrpc": "2.0", "id": id,
            "error": ["code": .integer(code), "message": .string(message)],
        ]
    }
}

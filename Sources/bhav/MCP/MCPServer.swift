import JSON
import MarketData
import MarketFormats

/// Speaks the Model Context Protocol: JSON-RPC 2.0, a message a line. What it is sent comes in, what is to be sent goes out.
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
            // A response is nobody's here: this server sends no requests.
            if message["result"] != nil || message["error"] != nil { return nil }
            return MCPServer.failure(message["id"] ?? .null, -32600, "the message is not a JSON-RPC 2.0 request")
        }
        guard let id = message["id"] else { return nil }
        return await response(id, method, message["params"])
    }

    private func response(_ id: JSONValue, _ method: String, _ parameters: JSONValue?) async -> JSONValue {
        switch method {
        case "initialize":
            let asked = parameters?["protocolVersion"]?.string
            let version = asked.flatMap { MCPServer.versions.contains($0) ? $0 : nil } ?? MCPServer.versions[0]
            return MCPServer.success(
                id,
                [
                    "protocolVersion": .string(version), "capabilities": ["tools": ["listChanged": false]],
                    "serverInfo": ["name": "bhav", "title": "Bhav market data", "version": .string(Release.version)],
                    "instructions":
                        "Market data with provenance. Every answer says its source, mode (streaming, delayed, endOfDay, recorded or simulated), delay and time; repeat them with the numbers. null is unknown, never zero.",
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

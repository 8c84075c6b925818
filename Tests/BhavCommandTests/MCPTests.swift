import Foundation
import Testing

@Suite("The Model Context Protocol on standard input and output")
struct MCPTests {
    /// Sends messages to `bhav mcp`, closes its input, and returns the responses by id.
    private func responses(_ messages: [String]) async throws -> [Int: [String: Any]] {
        let input = NSTemporaryDirectory() + "bhav-mcp-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: input) }
        try (messages.joined(separator: "\n") + "\n").write(toFile: input, atomically: true, encoding: .utf8)
        let result = try await BhavProcess.run(["mcp", "--mock"], input: input)
        #expect(result.status == 0, "\(result.errors)")
        var responses: [Int: [String: Any]] = [:]
        for line in result.lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let response = try #require(object as? [String: Any])
            #expect(response["jsonrpc"] as? String == "2.0")
            responses[response["id"] as? Int ?? -1] = response
        }
        return responses
    }

    private func call(_ id: Int, _ tool: String, _ arguments: String) -> String {
        "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"tools/call\",\"params\":{\"name\":\"\(tool)\",\"arguments\":\(arguments)}}"
    }

    /// The JSON of a tool's response, and whether it is an error.
    private func content(_ response: [String: Any]?) throws -> (body: [String: Any], isError: Bool) {
        let result = try #require(response?["result"] as? [String: Any])
        let content = try #require((result["content"] as? [[String: Any]])?.first)
        let text = try #require(content["text"] as? String)
        let body = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        return (body, result["isError"] as? Bool ?? false)
    }

    @Test("a session begins with the version that both support, and lists read-only tools with their arguments")
    func session() async throws {
        let responses = try await responses([
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            #"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#, #"{"jsonrpc":"2.0","id":3,"method":"ping"}"#,
        ])
        #expect(responses.count == 3)
        let hello = try #require(responses[1]?["result"] as? [String: Any])
        #expect(hello["protocolVersion"] as? String == "2025-03-26")
        let tools = try #require((responses[2]?["result"] as? [String: Any])?["tools"] as? [[String: Any]])
        #expect(tools.count == 9)
        for tool in tools {
            #expect((tool["annotations"] as? [String: Any])?["readOnlyHint"] as? Bool == true)
            #expect((tool["inputSchema"] as? [String: Any])?["type"] as? String == "object")
        }
        #expect(responses[3]?["result"] != nil)
    }

    @Test("each tool returns its provenance")
    func tools() async throws {
        let responses = try await responses([
            call(1, "search_symbols", #"{"query":"NIFTY","limit":3}"#),
            call(2, "get_bars", #"{"symbol":"NIFTY","interval":"5min","count":7}"#),
            call(3, "get_quotes", #"{"symbols":["NIFTY","NSE:NOSUCH"]}"#),
            call(4, "list_expiries", #"{"symbol":"NIFTY"}"#),
            call(5, "get_open_interest", #"{"symbol":"NIFTY","expiry":"next"}"#),
            call(6, "get_option_chain", #"{"symbol":"NIFTY","rate":0.065}"#),
            call(7, "get_put_call_ratio", #"{"symbol":"NIFTY"}"#), call(8, "get_status", "{}"),
        ])
        #expect((try content(responses[1]).body["symbols"] as? [Any])?.count == 3)
        let bars = try content(responses[2]).body
        #expect((bars["bars"] as? [Any])?.count == 7)
        #expect(bars["mode"] as? String == "simulated")
        let quotes = try content(responses[3]).body
        #expect((quotes["quotes"] as? [[String: Any]])?.first?["mode"] as? String == "simulated")
        #expect((quotes["errors"] as? [Any])?.count == 1)
        #expect(try content(responses[4]).body["mode"] as? String == "simulated")
        for id in [5, 6] {
            let chain = try content(responses[id]).body
            #expect((chain["strikes"] as? [Any])?.count == 21)
            #expect(chain["mode"] as? String == "simulated")
        }
        #expect((try content(responses[7]).body["points"] as? [Any])?.count == 1)
        #expect(try content(responses[8]).body["simulated"] as? Bool == true)
    }

    @Test("open interest, chain and expiries are returned as of a past moment")
    func past() async throws {
        let past = try await responses([
            call(1, "list_expiries", #"{"symbol":"NIFTY","at":"2026-11-19T10:42"}"#),
            call(2, "get_open_interest", #"{"symbol":"NIFTY","expiry":"next","at":"2026-11-19T10:42"}"#),
            call(3, "get_option_chain", #"{"symbol":"NIFTY","expiry":"next","at":"2026-11-19T10:42"}"#),
        ])
        let listed = try content(past[1]).body["expiries"] as? [String]
        for id in 1...3 { #expect(try content(past[id]).body["asOf"] as? String == "2026-11-19T05:12:00Z") }
        for id in 2...3 { #expect(try content(past[id]).body["expiry"] as? String == listed?[1]) }
    }

    @Test(
        "a failed call is an error with a code",
        arguments: [
            ("get_bars", #"{"symbol":"NSE:NOSUCH"}"#, "symbol_not_found"), ("get_bars", "{}", "bad_request"),
            ("get_bars", #"{"symbol":"NIFTY","count":501}"#, "bad_request"),
            ("get_bars", #"{"symbol":"NIFTY","color":"red"}"#, "bad_request"),
            ("get_bars", #"{"symbol":"NIFTY","interval":"7x"}"#, "unknown_interval"),
            ("get_bars", #"{"symbol":"NIFTY","interval":"1m","from":"2026-03-02","to":"2026-03-06"}"#, "too_large"),
            ("get_open_interest", #"{"symbol":"NIFTY","expiry":"2026-02-03"}"#, "expiry_not_listed"),
            ("get_coverage", #"{"symbol":"NIFTY"}"#, "not_supported"),
        ])
    func refusals(tool: String, arguments: String, code: String) async throws {
        let response = try content(try await responses([call(1, tool, arguments)])[1])
        #expect(response.isError)
        #expect((response.body["error"] as? [String: Any])?["code"] as? String == code)
    }

    @Test("invalid messages get the errors of JSON-RPC, and the session goes on")
    func malformed() async throws {
        let responses = try await responses([
            "nonsense", #"{"jsonrpc":"2.0","id":2,"method":"no/such"}"#, call(3, "no_such_tool", "{}"),
            #"{"jsonrpc":"2.0","id":4,"method":"ping"}"#,
        ])
        func code(_ id: Int) -> Int? { (responses[id]?["error"] as? [String: Any])?["code"] as? Int }
        #expect(code(-1) == -32700)
        #expect(code(2) == -32601)
        #expect(code(3) == -32602)
        #expect(responses[4]?["result"] != nil)
    }
}

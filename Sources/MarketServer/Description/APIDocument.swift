import Hummingbird
import MarketData
import MarketFormats
import NIOCore

/// The OpenAPI 3.1 document, written from the table of endpoints, so that neither can lack what the other has.
struct APIDocument: Sendable {
    /// What a path answers.
    struct Operation: Sendable {
        let summary: String
        /// The schema of its JSON; `nil` where the shape is a foreign protocol's or no JSON.
        var schema: String?
        /// The content type where it is not JSON.
        var contentType = "application/json"
        /// Parameters of an example that the mock market answers.
        var example: [String] = []
    }

    static let operations: [String: Operation] = [
        "/v1": .init(summary: "List the paths.", schema: "Index"),
        "/v1/bars": .init(summary: "Return bars.", schema: "Bars", example: ["symbol", "interval", "count"]),
        "/v1/quotes": .init(summary: "Return quotes.", schema: "Quotes", example: ["symbols"]),
        "/v1/search": .init(summary: "Search instruments.", schema: "Symbols", example: ["query"]),
        "/v1/expiries": .init(summary: "Return option expiries.", schema: "Expiries", example: ["symbol"]),
        "/v1/open-interest": .init(
            summary: "Return open interest by strike.", schema: "OpenInterest", example: ["symbol"]),
        "/v1/oi": .init(summary: "Alias of /v1/open-interest.", schema: "OpenInterest", example: ["symbol"]),
        "/v1/open-interest/history": .init(
            summary: "Return open interest over time.", schema: "OpenInterestHistory", example: ["symbol", "from"]),
        "/v1/oi/history": .init(
            summary: "Alias of /v1/open-interest/history.", schema: "OpenInterestHistory", example: ["symbol", "from"]),
        "/v1/put-call-ratio": .init(summary: "Return put-call ratios.", schema: "PutCallRatio", example: ["symbol"]),
        "/v1/pcr": .init(summary: "Alias of /v1/put-call-ratio.", schema: "PutCallRatio", example: ["symbol"]),
        "/v1/option-chain": .init(
            summary: "Return an option chain with greeks.", schema: "OptionChain", example: ["symbol"]),
        "/v1/contract-history": .init(summary: "Return one contract's session.", schema: "ContractHistory"),
        "/v1/coverage": .init(summary: "Return what the store has and lacks.", schema: "Coverage"),
        "/v1/status": .init(summary: "Return how sources and subscriptions are doing.", schema: "Status"),
        "/v1/events": .init(
            summary: "Follow one subscription as server-sent events.", contentType: "text/event-stream"),
        "/v1/stream": .init(summary: "Open a WebSocket of subscriptions."),
        "/ws": .init(summary: "Open the original dashboard's WebSocket."),
        "/health/live": .init(summary: "Report that the process runs.", schema: "Health"),
        "/health/ready": .init(summary: "Report whether a source of bars may answer.", schema: "Health"),
        "/metrics": .init(summary: "Return metrics in Prometheus' text format.", contentType: "text/plain"),
        "/openapi.yaml": .init(summary: "Return this document.", contentType: "application/yaml"),
        "/api/": .init(summary: "Greet the original dashboard."),
        "/api/market/candles": .init(summary: "Return bars in the original dashboard's shape."),
        "/api/market/oi-data": .init(summary: "Return open interest in the original dashboard's shape."),
        "/udf/config": .init(summary: "Return the charting library's configuration."),
        "/udf/time": .init(summary: "Return the server's time.", contentType: "text/plain"),
        "/udf/symbols": .init(summary: "Describe an instrument to the charting library."),
        "/udf/search": .init(summary: "Search instruments for the charting library."),
        "/udf/history": .init(summary: "Return bars in the charting library's shape."),
        "/udf/quotes": .init(summary: "Return quotes in the charting library's shape."),
        "/udf/marks": .init(summary: "Return marks on bars: rolls of continuous futures."),
        "/udf/timescale_marks": .init(summary: "Return marks on the time axis: expiries and holidays."),
    ]

    /// Parameters without which a path answers 400.
    private static let required: [String: Set<String>] = [
        "/v1/bars": ["symbol", "interval"], "/v1/quotes": ["symbols"], "/v1/search": ["query"],
        "/v1/expiries": ["symbol"],
        "/v1/open-interest": ["symbol"], "/v1/oi": ["symbol"], "/v1/open-interest/history": ["symbol", "from"],
        "/v1/oi/history": ["symbol", "from"], "/v1/put-call-ratio": ["symbol"], "/v1/pcr": ["symbol"],
        "/v1/option-chain": ["symbol"], "/v1/contract-history": ["symbol", "type"],
        "/v1/coverage": ["symbol", "interval"],
        "/v1/events": ["channel"], "/udf/symbols": ["symbol"], "/udf/history": ["symbol", "resolution"],
        "/udf/quotes": ["symbols"], "/udf/marks": ["symbol", "resolution"],
        "/udf/timescale_marks": ["symbol", "resolution"],
    ]

    let endpoints: [Endpoint]

    /// The path of this document beside the others.
    static func endpoints(describing endpoints: [Endpoint]) -> [Endpoint] {
        let own = Endpoint("/openapi.yaml", access: .open) { _, _ in Response(status: .ok) }
        let text = APIDocument(endpoints: endpoints + [own]).text
        return [
            Endpoint("/openapi.yaml", access: .open) { _, _ in
                Response(bytes: ByteBuffer(string: text), type: "application/yaml; charset=utf-8")
            }
        ]
    }

    /// The document as YAML.
    var text: String {
        var lines = [
            "openapi: 3.1.0", "info:", "  title: Bhav", "  version: '1'",
            "  description: Market data that says where it came from.", "servers:", "  - url: /", "security:",
            "  - bearer: []",
            "  - header: []", "  - query: []", "paths:",
        ]
        for endpoint in endpoints.sorted(by: { $0.path < $1.path }) { lines += operation(endpoint) }
        lines += ["components:", "  securitySchemes:"]
        lines += ["    bearer: {type: http, scheme: bearer}"]
        lines += [
            "    header: {type: apiKey, in: header, name: X-API-Key}",
            "    query: {type: apiKey, in: query, name: key}",
        ]
        lines += ["  schemas:"]
        for (name, fields) in APISchemas.all { lines += schema(name, fields) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func operation(_ endpoint: Endpoint) -> [String] {
        guard let operation = APIDocument.operations[endpoint.path] else { return [] }
        let id = endpoint.path.split(whereSeparator: { "/-._".contains($0) }).joined(separator: "_")
        var lines = [
            "  \(endpoint.path):", "    get:", "      operationId: \(id)", "      summary: \(operation.summary)",
        ]
        if endpoint.access == .open { lines.append("      security: []") }
        if !endpoint.parameters.isEmpty { lines.append("      parameters:") }
        for name in endpoint.parameters {
            guard let parameter = APIParameters.all[name] else { continue }
            let isRequired = APIDocument.required[endpoint.path]?.contains(name) ?? false
            lines += [
                "        - name: \(quoted(name))", "          in: query", "          required: \(isRequired)",
                "          description: \(quoted(parameter.meaning))", "          schema: {\(parameter.schema)}",
                "          example: \(quoted(parameter.example))",
            ]
        }
        lines += [
            "      responses:", "        '200':", "          description: \(operation.summary)", "          content:",
        ]
        if let schema = operation.schema {
            lines += [
                "            application/json:", "              schema: {$ref: '#/components/schemas/\(schema)'}",
            ]
        } else {
            lines += ["            \(operation.contentType):", "              schema: {}"]
        }
        if endpoint.parameters.contains("format") {
            for format in ResponseFormat.allCases where format != .json {
                let type = format.contentType.split(separator: ";").first.map(String.init) ?? format.contentType
                lines += ["            \(type):", "              schema: {type: string}"]
            }
        }
        if endpoint.path == "/v1/bars" {
            lines += ["        '304':", "          description: The client's copy is still good."]
        }
        return lines + [
            "        default:",
            "          description: \(quoted("An error; its code is one of " + APIDocument.codes + "."))",
            "          content:", "            application/json:",
            "              schema: {$ref: '#/components/schemas/Error'}",
        ]
    }

    private static let codes = MarketDataError.Code.allCases.map(\.rawValue).joined(separator: ", ")

    private func schema(_ name: String, _ fields: [String]) -> [String] {
        let parsed = fields.map { field in
            let parts = field.split(separator: " ", maxSplits: 2).map(String.init)
            return (name: parts[0], type: parts[1], meaning: parts.count > 2 ? parts[2] : "")
        }
        let required = parsed.filter { $0.name.hasSuffix("!") }.map { String($0.name.dropLast()) }
        var lines = [
            "    \(name):", "      type: object", "      required: [\(required.joined(separator: ", "))]",
            "      properties:",
        ]
        for field in parsed {
            let name = field.name.hasSuffix("!") ? String(field.name.dropLast()) : field.name
            lines.append("        \(name):")
            lines.append("          description: \(quoted(field.meaning))")
            lines += type(field.type).map { "          \($0)" }
        }
        if name == "ErrorBody" {
            lines = lines.map {
                $0.hasSuffix("One of a closed set; programs switch on it.'")
                    ? $0 + "\n          enum: [\(APIDocument.codes)]" : $0
            }
        }
        return lines
    }

    private func type(_ text: String) -> [String] {
        if text.hasPrefix("["), text.hasSuffix("]") {
            return ["type: array", "items: {\(type(String(text.dropFirst().dropLast())).joined(separator: ", "))}"]
        }
        if text.hasSuffix("?") { return ["type: ['\(text.dropLast())', 'null']"] }
        let isSimple = ["string", "number", "integer", "boolean", "object"].contains(text)
        return [isSimple ? "type: \(text)" : "$ref: '#/components/schemas/\(text)'"]
    }

    private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}

import HTTPTypes
import Hummingbird
import MarketData
import MarketFormats
import NIOCore

/// The OpenAPI 3.1 document, built from the table of endpoints.
struct APIDocument: Sendable {
    let endpoints: [Endpoint]

    /// The paths of the OpenAPI and the AsyncAPI document, each as YAML and as JSON.
    static func endpoints(describing endpoints: [Endpoint]) -> [Endpoint] {
        let paths = ["/openapi", "/asyncapi"].flatMap { [$0 + ".yaml", $0 + ".json"] }
        let own = paths.map { Endpoint($0, access: .open) { _, _ in Response(status: .ok) } }
        let documents = [APIDocument(endpoints: endpoints + own).document, StreamDocument.document]
        return documents.enumerated().flatMap { index, document in
            let (yaml, json) = (ByteBuffer(string: document.yaml), document.json)
            return [
                Endpoint(paths[2 * index], access: .open) { _, _ in
                    Response(bytes: yaml, type: "application/yaml; charset=utf-8")
                },
                Endpoint(paths[2 * index + 1], access: .open) { _, _ in Response(json: json) },
            ]
        }
    }

    /// The document.
    var document: DocumentNode {
        let paths = endpoints.sorted { $0.path < $1.path }.compactMap { endpoint in
            APIOperations.all[endpoint.path].map {
                (endpoint.path, ["get": operation($0, of: endpoint)] as DocumentNode)
            }
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Bhav", "version": "1",
                "description": .text(APIDocument.description),
                "license": ["name": "MIT", "identifier": "MIT"],
            ],
            "servers": [["url": "/"]],
            "security": [[:], ["bearer": []], ["header": []], ["query": []]],
            "paths": .map(paths),
            "components": [
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "header": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
                    "query": ["type": "apiKey", "in": "query", "name": "key"],
                ],
                "responses": .map(APIDocument.failures),
                "schemas": APIDocument.schemas,
            ],
        ]
    }

    private static let description =
        "Bars, quotes and open interest. Every response says where its numbers come from. Under /v1 a parameter with "
        + "an empty value is an error; elsewhere it counts as not given."

    /// Every object, with the codes of errors.
    static var schemas: DocumentNode {
        let codes = MarketDataError.Code.allCases.map { DocumentNode.text($0.rawValue) }
        let code: DocumentNode = ["type": "string", "description": "Error code.", "enum": .list(codes)]
        return .map(
            [(key: "ErrorCode", value: code)]
                + APISchemas.all.map { (key: $0.name, value: APISchemas.schema(of: $0.fields)) })
    }

    /// The statuses of failures with the error codes that have them. A name is a status: `Error404`.
    private static let failures: [(key: String, value: DocumentNode)] = {
        let byStatus = Dictionary(grouping: MarketDataError.Code.allCases) { $0.status.code }
        let codes = byStatus.mapValues { $0.map(\.rawValue).joined(separator: ", ") }
        let others = [405: "bad_request", 414: "too_large", 421: "bad_request", 426: "bad_request"]
        return codes.merging(others) { first, _ in first }.sorted { $0.key < $1.key }.map { status, codes in
            var response: [(key: String, value: DocumentNode)] = [("description", .text("Error: \(codes)."))]
            if status == 429 || status == 503 {
                response.append(
                    (
                        "headers",
                        ["Retry-After": ["description": "Seconds to wait.", "schema": ["type": "integer"]]]
                    ))
            }
            response.append(("content", ["application/json": ["schema": ["$ref": "#/components/schemas/Error"]]]))
            return ("Error\(status)", .map(response))
        }
    }()

    private func operation(_ operation: APIOperations.Operation, of endpoint: Endpoint) -> DocumentNode {
        let id = endpoint.path.split(whereSeparator: { "/-._".contains($0) }).joined(separator: "_")
        let tag =
            endpoint.path.hasPrefix("/v1")
            ? "v1" : endpoint.path.hasPrefix("/udf") ? "udf" : endpoint.path.hasPrefix("/api") ? "api" : "service"
        var members: [(key: String, value: DocumentNode)] = [
            ("operationId", .text(id)), ("tags", [.text(tag)]), ("summary", .text(operation.summary)),
        ]
        if endpoint.access == .open { members.append(("security", [])) }
        let parameters = endpoint.parameters.map { name -> DocumentNode in
            let parameter =
                APIParameters.parameter(name, of: endpoint.path) ?? .init(schema: [:], meaning: "", example: "")
            return [
                "name": .text(name), "in": "query", "required": .flag(operation.required.contains(name)),
                "description": .text(parameter.meaning), "schema": schema(parameter, of: endpoint),
                "example": parameter.example,
            ]
        }
        if !parameters.isEmpty { members.append(("parameters", .list(parameters))) }
        members.append(("responses", .map(responses(operation, of: endpoint))))
        return .map(members)
    }

    /// The values of a parameter, with the empty one where it counts as not given.
    private func schema(_ parameter: APIParameters.Parameter, of endpoint: Endpoint) -> DocumentNode {
        let schema = parameter.schema
        if case .list(let choices)? = schema["enum"] {
            guard endpoint.ignoresEmptyParameters else { return schema }
            return .map(schema.members.map { ($0.key, $0.key == "enum" ? .list(choices + [""]) : $0.value) })
        }
        guard !endpoint.ignoresEmptyParameters, case .text("string")? = schema["type"] else { return schema }
        return .map(schema.members + [("minLength", 1)])
    }

    private func responses(
        _ operation: APIOperations.Operation, of endpoint: Endpoint
    ) -> [(key: String, value: DocumentNode)] {
        let isSocket = operation.schema == "Error"
        var responses: [(key: String, value: DocumentNode)] = []
        if isSocket {
            responses.append(("101", ["description": "The connection is a WebSocket now; see /asyncapi.yaml."]))
        } else {
            responses.append(
                ("200", ["description": .text(operation.summary), "content": content(operation, endpoint)]))
        }
        if endpoint.path == "/v1/bars" {
            responses.append(("304", ["description": "The bars are those of the ETag in If-None-Match."]))
        }
        if endpoint.path == "/health/ready" {
            responses.append(
                ("503", ["description": "No source is available.", "content": content(operation, endpoint)]))
        }
        let isOpen = endpoint.access == .open && !isSocket
        let hasNumbers = !endpoint.parameters.isEmpty && !isOpen
        for (name, _) in APIDocument.failures {
            let status = String(name.dropFirst("Error".count))
            let isPossible =
                switch status {
                case "400", "405", "414", "421", "429": true
                case "401", "403": !isOpen
                case "426": isSocket
                default: hasNumbers
                }
            guard isPossible, !responses.contains(where: { $0.key == status }) else { continue }
            if endpoint.path == "/udf/search" {
                // The charting library reads a list with any status.
                let schemas: DocumentNode = [
                    "oneOf": [["type": "array", "maxItems": 0], ["$ref": "#/components/schemas/UDFError"]]
                ]
                responses.append(
                    (
                        status,
                        [
                            "description": "Error: an empty list; the header Bhav-Errors holds the code.",
                            "content": ["application/json": ["schema": schemas]],
                        ]
                    ))
            } else if endpoint.path.hasPrefix("/udf") {
                let schema: DocumentNode = ["$ref": "#/components/schemas/UDFError"]
                responses.append(
                    (status, ["description": "Error.", "content": ["application/json": ["schema": schema]]]))
            } else {
                responses.append((status, ["$ref": .text("#/components/responses/\(name)")]))
            }
        }
        return responses
    }

    private func content(_ operation: APIOperations.Operation, _ endpoint: Endpoint) -> DocumentNode {
        // Below /udf a failure has status 200 too: the charting library reads the body only.
        let failure: DocumentNode? =
            endpoint.path.hasPrefix("/udf") ? ["$ref": "#/components/schemas/UDFError"] : nil
        var types: [(key: String, value: DocumentNode)] = []
        if let name = operation.schema {
            let object: DocumentNode = ["$ref": .text("#/components/schemas/\(name)")]
            let schema: DocumentNode = operation.isList ? ["type": "array", "items": object] : object
            let schemas = failure.map { ["anyOf": [schema, $0]] as DocumentNode } ?? schema
            types.append((operation.contentType, ["schema": schemas]))
        } else {
            types.append((operation.contentType, [:]))
            if let failure { types.append(("application/json", ["schema": failure])) }
        }
        if endpoint.parameters.contains("format") {
            for format in ResponseFormat.allCases where format != .json {
                let type = format.contentType.split(separator: ";").first.map(String.init) ?? format.contentType
                types.append((type, ["schema": ["type": "string"]]))
            }
        }
        return .map(types)
    }
}

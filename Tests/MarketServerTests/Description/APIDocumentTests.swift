import Foundation
import MarketData
import Testing

@testable import MarketServer

@Suite("The OpenAPI and AsyncAPI documents")
struct APIDocumentTests {
    /// Requests that the mock market serves, with the path that describes each.
    static let requests: [(String, String)] = [
        ("/v1", "/v1"), ("/v1/bars", "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=3"),
        ("/v1/bars", "/v1/bars?symbol=NSE:NIFTY1!&interval=1d&count=3"),
        ("/v1/quotes", "/v1/quotes?symbols=NSE:NIFTY,NSE:NOSUCH"), ("/v1/search", "/v1/search?query=nifty"),
        ("/v1/expiries", "/v1/expiries?symbol=NIFTY"),
        ("/v1/expiries", "/v1/expiries?symbol=NIFTY&at=2026-11-19T05:12:00Z"),
        ("/v1/open-interest", "/v1/open-interest?symbol=NIFTY"),
        ("/v1/oi", "/v1/oi?symbol=NIFTY"),
        ("/v1/open-interest/history", "/v1/open-interest/history?symbol=NIFTY&from=1795150800"),
        ("/v1/oi/history", "/v1/oi/history?symbol=NIFTY&from=1795150800&strike=26000"),
        ("/v1/put-call-ratio", "/v1/put-call-ratio?symbol=NIFTY"), ("/v1/pcr", "/v1/pcr?symbol=NIFTY&from=1795150800"),
        ("/v1/option-chain", "/v1/option-chain?symbol=NIFTY"),
        ("/v1/contract-history", "/v1/contract-history?symbol=NIFTY&type=call&strike=24000"),
        ("/v1/status", "/v1/status"), ("/health/live", "/health/live"), ("/health/ready", "/health/ready"),
        ("/udf/config", "/udf/config"), ("/udf/symbols", "/udf/symbols?symbol=NIFTY"),
        ("/udf/history", "/udf/history?symbol=NIFTY&resolution=5&countback=3"),
        ("/udf/history", "/udf/history?symbol=NOSUCH&resolution=5"),
        ("/udf/quotes", "/udf/quotes?symbols=NIFTY,NSE:NOSUCH"),
        ("/udf/marks", "/udf/marks?symbol=NSE:NIFTY1!&resolution=1D&from=1790000000"),
        ("/udf/timescale_marks", "/udf/timescale_marks?symbol=NIFTY&resolution=1D&from=1795000000&to=1797000000"),
        ("/udf/search", "/udf/search?query=nifty"), ("/api/", "/api/"),
        ("/api/market/candles", "/api/market/candles?symbol=NIFTY&n_bars=3"),
        ("/api/market/oi-data", "/api/market/oi-data"),
    ]

    @Test("the documents describe every path and parameter, and no others")
    func complete() async throws {
        try await RunningServer.with { server in
            let paths = try await server.get("/openapi.json").json["paths"]
            #expect(paths.keys == Set(APIOperations.all.keys))
            var used: Set<String> = ["key"]
            for path in paths.keys {
                let operation = paths[path]["get"]
                #expect(operation["summary"].string?.isEmpty == false, "\(path)")
                var names: Set<String> = []
                for parameter in operation["parameters"].array {
                    let name = parameter["name"].string ?? ""
                    #expect(parameter["description"].string?.isEmpty == false, "\(path) \(name)")
                    names.insert(name)
                }
                #expect((APIOperations.all[path]?.required ?? []).subtracting(names) == [], "\(path)")
                used.formUnion(names)
            }
            #expect(used == APIParameters.names)
            for path in try await server.get("/v1").json["paths"].array {
                let described = paths[path["path"].string ?? ""]["get"]["parameters"].array.compactMap {
                    $0["name"].string
                }
                #expect(described == path["parameters"].array.compactMap(\.string))
            }
        }
    }

    @Test("an empty value is refused under /v1, and counts as not given where foreign protocols send one")
    func emptyValues() async throws {
        try await RunningServer.with { server in
            let paths = try await server.get("/openapi.json").json["paths"]
            var checked = 0
            for path in paths.keys.sorted() where !["/v1/stream", "/ws"].contains(path) {
                let parameters = paths[path]["get"]["parameters"].array
                let needed = parameters.filter { $0["required"].value as? Bool == true }
                    .map { "\($0["name"].string ?? "")=\($0["example"].string ?? "")" }.joined(separator: "&")
                for parameter in parameters {
                    let name = parameter["name"].string ?? ""
                    checked += 1
                    if path.hasPrefix("/v1") {
                        let response = try await server.get("\(path)?\(name)=")
                        #expect(response.status == 400, "\(path) \(name)")
                        let message = try response.json["error"]["message"].string ?? ""
                        #expect(message == "the parameter '\(name)' is empty; give it a value or leave it out")
                    } else if parameter["required"].value as? Bool != true {
                        let without = try await server.get("\(path)?\(needed)")
                        let with = try await server.get("\(path)?\(needed)&\(name)=")
                        #expect(with.status == without.status, "\(path) \(name): \(with.text)")
                        // Times and counters in a response change between the two requests.
                        if path == "/udf/search" || path == "/udf/config" { #expect(with.text == without.text) }
                    }
                }
            }
            #expect(checked > 80)
        }
    }

    @Test("YAML and JSON are equal")
    func yaml() async throws {
        try await RunningServer.with { server in
            for name in ["openapi", "asyncapi"] {
                let yaml = try await server.get("/\(name).yaml")
                #expect(yaml.headers["content-type"]?.hasPrefix("application/yaml") == true)
                let json = try await server.get("/\(name).json").json
                let listed = yaml.lines.filter { !$0.hasPrefix(" ") && !$0.hasPrefix("-") }
                    .compactMap { $0.split(separator: ":").first.map(String.init) }
                #expect(Set(listed) == json.keys)
            }
        }
    }

    @Test("every reference resolves")
    func references() {
        let names = Set(APISchemas.all.map(\.name) + ["ErrorCode"])
        #expect(names.count == APISchemas.all.count + 1, "a name is used twice")
        for schema in APISchemas.all {
            for field in schema.fields.map(APISchemas.Field.init) {
                let type = field.type.filter { !"[]{}?".contains($0) }
                if type.first?.isUppercase == true { #expect(names.contains(type), "\(schema.name).\(field.name)") }
                #expect(!field.meaning.isEmpty, "\(schema.name).\(field.name)")
            }
        }
    }

    @Test("the documents describe each field of live responses, and no others")
    func fields() async throws {
        try await RunningServer.with { server in
            for (path, request) in Self.requests {
                let operation = try #require(APIOperations.all[path])
                let schema = try #require(operation.schema)
                let response = try await server.get(request)
                #expect(response.status == 200, "\(request): \(response.text)")
                let object = request.contains("symbol=NOSUCH") ? "UDFError" : schema
                let type = operation.isList ? "[\(object)]" : object
                #expect(SchemaCheck.faults(of: try response.json.value, as: type) == [], "\(request)")
            }
        }
    }

    @Test("the documents describe each field of an error, and no others")
    func errors() async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/bars?symbol=NIFTY")
            #expect(response.status == 400)
            #expect(SchemaCheck.faults(of: try response.json.value, as: "Error") == [])
        }
    }

    @Test("the check reports a field that is missing, unknown or of another type")
    func canFail() throws {
        let good = #"{"from":1,"to":2,"reason":"x"}"#
        #expect(SchemaCheck.faults(of: try JSON(Array(good.utf8)).value, as: "Gap") == [])
        for bad in [
            #"{"from":1,"to":2}"#, #"{"from":1,"to":2,"reason":"x","more":1}"#, #"{"from":1.5,"to":2,"reason":"x"}"#,
            #"{"from":1,"to":null,"reason":"x"}"#, "[]",
        ] {
            #expect(SchemaCheck.faults(of: try JSON(Array(bad.utf8)).value, as: "Gap").count == 1, "\(bad)")
        }
    }
}

/// Compares JSON with the described objects, in which no other field than those named may stand.
enum SchemaCheck {
    static func faults(of value: Any, as type: String, at path: String = "$") -> [String] {
        if type.hasSuffix("?") {
            return value is NSNull ? [] : faults(of: value, as: String(type.dropLast()), at: path)
        }
        let inner = String(type.dropFirst().dropLast())
        let wrong = ["\(path): not \(type)"]
        switch type.first {
        case "[":
            guard let list = value as? [Any] else { return wrong }
            return list.enumerated().flatMap { faults(of: $1, as: inner, at: "\(path)[\($0)]") }
        case "{":
            guard let object = value as? [String: Any] else { return wrong }
            return object.flatMap { faults(of: $1, as: inner, at: "\(path).\($0)") }
        default: break
        }
        let number = value as? NSNumber
        let isFlag = number.map { ["c", "B"].contains(String(cString: $0.objCType)) } ?? false
        switch type {
        case "string": return value is String ? [] : wrong
        case "boolean": return isFlag ? [] : wrong
        case "number": return number != nil && !isFlag ? [] : wrong
        case "integer": return number.map { !isFlag && $0.doubleValue == $0.doubleValue.rounded() } == true ? [] : wrong
        case "ErrorCode": return MarketDataError.Code(rawValue: value as? String ?? "") != nil ? [] : wrong
        default: break
        }
        guard let schema = APISchemas.all.first(where: { $0.name == type }) else {
            return type.split(separator: "|").map(String.init).contains(value as? String ?? "") ? [] : wrong
        }
        guard let object = value as? [String: Any] else { return wrong }
        let fields = schema.fields.map(APISchemas.Field.init)
        let missing = fields.filter { $0.isRequired && object[$0.name] == nil }.map { "\(path).\($0.name): missing" }
        let unknown = Set(object.keys).subtracting(fields.map(\.name)).map { "\(path).\($0): not described" }
        return missing + unknown
            + fields.flatMap { field in
                object[field.name].map { faults(of: $0, as: field.type, at: "\(path).\(field.name)") } ?? []
            }
    }
}

import Foundation
import Testing

@testable import MarketServer

/// The tables of `docs/api`, which `scripts/api-pages` writes from a running server.
@Suite("The pages in docs/api")
struct APIPageTests {
    /// The first column of the tables below each heading that names a path, an object or a message.
    private static func tables() throws -> [String: [String]] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appendingPathComponent("docs/api")
        var tables: [String: [String]] = [:]
        for page in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where page.pathExtension == "md" {
            var heading: String?
            for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
                if line.hasPrefix("#") {
                    heading = line.split(separator: "`").dropFirst().first.map(String.init)
                    guard let name = heading else { continue }
                    #expect(tables[name] == nil, "\(name) is described twice")
                    tables[name] = []
                } else if let heading, line.hasPrefix("| `") {
                    tables[heading]?.append(String(line.split(separator: "`")[1]))
                }
            }
        }
        return tables
    }

    @Test("docs/api names every path, parameter, object, message and field, and nothing else")
    func complete() async throws {
        try await RunningServer.with { server in
            var expected: [String: [String]] = [:]
            let paths = try await server.get("/openapi.json").json["paths"]
            for path in paths.keys {
                expected["GET \(path)"] = paths[path]["get"]["parameters"].array.compactMap { $0["name"].string }
            }
            for schema in APISchemas.all { expected[schema.name] = schema.fields.map { APISchemas.Field($0).name } }
            for message in StreamDocument.stream + StreamDocument.legacy {
                expected[message.name] = message.fields.map { APISchemas.Field($0).name }
            }
            let tables = try Self.tables()
            #expect(Set(expected.keys).subtracting(tables.keys) == [], "no page describes these")
            #expect(Set(tables.keys).subtracting(expected.keys) == [], "these do not exist")
            for (name, fields) in expected { #expect(tables[name] ?? [] == fields, "\(name)") }
        }
    }
}

import Foundation
import MarketServer
import Testing

@Suite("The dashboard's files")
struct DashboardTests {
    @Test("the page is served at the root, with a policy that allows no foreign code")
    func page() async throws {
        try await RunningServer.with { server in
            let page = try await server.get("/")
            #expect(page.status == 200)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'self'") == true)
            #expect(page.headers["cache-control"] == "no-cache")
            let tag = try #require(page.headers["etag"])
            let again = try await server.get("/", headers: [("If-None-Match", tag)])
            #expect(again.status == 304)
            #expect(again.bytes.isEmpty)
        }
    }

    @Test("files of a folder are served by their types, and nothing outside the folder is")
    func folder() async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let folder = root.appendingPathComponent("page")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        try Data("outside".utf8).write(to: root.appendingPathComponent("secret.txt"))
        try Data("<p>mine</p>".utf8).write(to: folder.appendingPathComponent("index.html"))
        try Data("let a = 1".utf8).write(to: folder.appendingPathComponent("a.js"))
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("link.txt"), withDestinationURL: root.appendingPathComponent("secret.txt")
        )
        try await RunningServer.with(configure: { $0.dashboardFolder = folder.path }) { server in
            #expect(try await server.get("/").text == "<p>mine</p>")
            let script = try await server.get("/a.js")
            #expect(script.headers["content-type"] == "text/javascript; charset=utf-8")
            for path in [
                "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt", "/page", "//etc/passwd",
            ] {
                let response = try await server.get(path)
                #expect(response.status == 404, "\(path)")
                #expect(!response.text.contains("outside"))
            }
            let library = try await server.get("/vendor/lightweight-charts.js")
            #expect(library.status == 404)
            #expect(try library.json["error"]["message"].string?.contains("chart library") == true)
            try Data("<p>changed</p>".utf8).write(to: folder.appendingPathComponent("index.html"))
            #expect(try await server.get("/").text == "<p>changed</p>")
        }
    }
}

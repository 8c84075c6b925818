import Foundation
import MarketData
import Testing
import TradingView

@Suite("Examples of the library's documents")
struct ExampleTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func files(below folder: String, named suffix: String) throws -> [URL] {
        let url = root.appending(path: folder)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: url.path())
        return paths.filter { $0.hasSuffix(suffix) }.sorted().map { url.appending(path: $0) }
    }

    private static func lines(_ url: URL) throws -> [String] {
        try String(contentsOf: url, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// The Swift blocks of a document, without those of a manifest.
    private static func snippets(in document: URL) throws -> [[String]] {
        var (snippets, current): ([[String]], [String]?) = ([], nil)
        for line in try lines(document) {
            if line == "```swift" {
                current = []
            } else if line == "```", let snippet = current {
                if !snippet.contains(where: { $0.contains(".package(") }) { snippets.append(snippet) }
                current = nil
            } else {
                current?.append(line)
            }
        }
        return snippets
    }

    private static func documents() throws -> [URL] {
        try [root.appending(path: "README.md")] + files(below: "Sources", named: ".md")
    }

    @Test("every Swift block of the README and the DocC catalogues is part of an example that is compiled here")
    func snippetsAreCompiled() throws {
        let examples = try Self.files(below: "Tests/LibraryExamplesTests/Examples", named: ".swift").map { url in
            try Self.lines(url).map { $0.hasPrefix("    ") ? String($0.dropFirst(4)) : $0 }
        }
        var count = 0
        for document in try Self.documents() {
            for snippet in try Self.snippets(in: document) {
                count += 1
                let imports = snippet.filter { $0.hasPrefix("import ") }
                let body = snippet.filter { !$0.hasPrefix("import ") && !$0.isEmpty }
                let isCompiled = examples.contains { example in
                    let code = example.filter { !$0.isEmpty }
                    return imports.allSatisfy(example.contains)
                        && code.indices.contains { code[$0...].starts(with: body) }
                }
                #expect(isCompiled, "\(document.lastPathComponent): \(body.first ?? "")")
            }
        }
        #expect(count >= 9)
    }

    @Test("every library product that users import has a DocC catalogue")
    func catalogues() throws {
        let documents = try Self.documents().map { $0.path() }
        for product in ["MarketData", "TradingView", "Trendlyne", "NSE", "MockMarket", "MarketHub", "MarketHistory"] {
            #expect(documents.contains { $0.hasSuffix("\(product).docc/\(product).md") }, "\(product)")
        }
    }

    @Test("the examples of the mock market run")
    func run() async throws {
        let series = try await mockBars()
        #expect(series.bars.count == 20)
        #expect(series.provenance.mode == .simulated)
        #expect(try await firstMockQuote()?.last != nil)
        let hours = try hourlyBars(from: series)
        #expect(hours.last?.close == series.bars.last?.close)
        #expect(try await openInterestReport().count == 3)
        #expect(try await barsThroughHub().bars.count == 5)
    }

    @Test("a TradingViewClient that is not run says so")
    func notRunning() async throws {
        let request = BarRequest(symbol: try Symbol("NSE:NIFTY"), interval: .oneDay, span: .count(1))
        let error = await #expect(throws: MarketDataError.self) { _ = try await TradingViewClient().bars(request) }
        #expect(error?.code == .upstreamUnavailable)
        #expect(error?.message.contains("run()") == true)
    }
}

import Foundation
import Testing

/// Holds docs/pains.md to the tests of this folder.
@Suite("The page about the pains")
struct PainsDocumentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")

    /// The number of each row of the page.
    private static func promised() throws -> [Int] {
        let page = try String(contentsOf: root.appending(path: "docs/pains.md"), encoding: .utf8)
        return page.matches(of: /(?m)^\| (\d+) \|/).compactMap { Int($0.output.1) }
    }

    /// The numbers that the names of the tests begin with.
    private static func tested() throws -> Set<Int> {
        let folder = root.appending(path: "Tests/TradingViewTests/Pains")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let text = try files.filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }
            .joined()
        return Set(text.matches(of: #/@Test\(\s*"pain (\d+): /#).compactMap { Int($0.output.1) })
    }

    @Test("has a row for each of the 25, and each has a test")
    func rows() throws {
        #expect(try Self.promised() == Array(1...25))
        #expect(try Self.tested() == Set(1...25))
    }
}

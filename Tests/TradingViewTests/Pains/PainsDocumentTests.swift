import Foundation
import Testing

/// Holds docs/pains.md to the tests that it names.
@Suite("The page about the pains")
struct PainsDocumentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")

    /// `pain N: NAME` of every bullet of the page.
    private static func promised() throws -> [String] {
        let page = try String(contentsOf: root.appending(path: "docs/pains.md"), encoding: .utf8)
        var (number, names): (Substring, [String]) = ("", [])
        for line in page.split(separator: "\n") {
            if let start = line.prefixMatch(of: /(\d+)\.\s/) { number = start.output.1 }
            if line.hasPrefix("    - ") { names.append("pain \(number): \(line.dropFirst(6))") }
        }
        return names
    }

    /// The names of the tests of the folder.
    private static func written() throws -> Set<String> {
        let folder = root.appending(path: "Tests/TradingViewTests/Pains")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let text = try files.filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }
            .joined()
        return Set(text.matches(of: /@Test\(\s*"(pain \d+: [^"]+)"/).map { String($0.output.1) })
    }

    @Test("names each test that there is, and none that there is not, for all 25")
    func names() throws {
        let (promised, written) = (try Self.promised(), try Self.written())
        #expect(Set(promised).subtracting(written) == [])
        #expect(written.subtracting(promised) == [])
        #expect(Set(promised.compactMap { $0.firstMatch(of: /\d+/)?.output }).count == 25)
    }
}

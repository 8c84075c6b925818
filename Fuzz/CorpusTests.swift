import Foundation
import TestSupport
import Testing

/// The entry points that `make fuzz` drives, on their corpora and on seeded damage of them.
@Suite("Entry points for bytes from outside")
struct CorpusTests {
    @Test("end in a value that is in order or in an error", arguments: FuzzTarget.all.map(\.name))
    func corpus(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Corpora/\(name)")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let corpus = try files.sorted { $0.path < $1.path }.map { Array(try Data(contentsOf: $0)) }
        #expect(corpus.count >= 2)
        for bytes in corpus { try target.read(bytes) }
        var fuzzing = Fuzzing(seed: 20_261_130, bytes: corpus)
        try fuzzing.run(rounds: 500) { try target.read($0) }
    }
}

import Foundation

/// A mutation fuzzer: damages the texts of a corpus, reproducibly by seed.
///
/// `BHAV_FUZZ_SECONDS` makes every run go on for that long instead of its usual number of rounds.
public struct Fuzzing {
    private var random: SeededGenerator
    private let corpus: [[UInt8]]

    /// A fuzzer over a corpus, which must not be empty.
    public init(seed: UInt64, corpus: [String]) { self.init(seed: seed, bytes: corpus.map { Array($0.utf8) }) }

    /// A fuzzer over a corpus of bytes, which must not be empty.
    public init(seed: UInt64, bytes: [[UInt8]]) {
        random = SeededGenerator(seed: seed)
        corpus = bytes
    }

    /// Calls `body` with damaged input, `rounds` times or for the time that the environment names.
    public mutating func run(rounds: Int = 2000, _ body: ([UInt8]) throws -> Void) rethrows {
        let seconds = ProcessInfo.processInfo.environment["BHAV_FUZZ_SECONDS"].flatMap(Double.init)
        let clock = ContinuousClock()
        let end = seconds.map { clock.now.advanced(by: .seconds($0)) }
        var round = 0
        while end.map({ clock.now < $0 }) ?? (round < rounds) {
            try body(next())
            round += 1
        }
    }

    /// Texts that break readers: extreme numbers, odd signs, cut escapes, ends of lines.
    private static let fragments: [[UInt8]] = [
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e308", "-1e308", "1e-320", "NaN",
        "null",
        "Infinity", "-0", "0.0", "99999999999999999999999", "\"", "\\u", "\\ud800", "{", "}", "[", "]", ",", ":", "\r",
        "\n",
        "\r\n", "\u{FEFF}", "é", "\u{0}", "2026-02-30", "0001-01-01", "9999-12-31", "24:00", "-", "--", "T", "Z",
        "+99:99",
        "%", "&", "#", "/", ";", "|",
    ].map { Array($0.utf8) }

    private mutating func next() -> [UInt8] {
        var bytes = corpus[Int.random(in: corpus.indices, using: &random)]
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let length = min(Int.random(in: 0...8, using: &random), bytes.count - place)
            switch Int.random(in: 0..<7, using: &random) {
            case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: bytes.removeSubrange(place..<place + length)
            case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
            case 4: bytes.removeSubrange(place...)
            case 5:
                let other = corpus[Int.random(in: corpus.indices, using: &random)]
                let start = Int.random(in: 0...other.count, using: &random)
                bytes.replaceSubrange(place..., with: other[start...])
            default:
                let fragment = Fuzzing.fragments[Int.random(in: Fuzzing.fragments.indices, using: &random)]
                bytes.replaceSubrange(place..<place + length, with: fragment)
            }
        }
        return bytes
    }
}

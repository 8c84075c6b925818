import JSON
import TestSupport
import Testing

@Suite("Printable text")
struct PrintableTextTests {
    @Test(
        "control characters, escape sequences and direction marks are removed, and line breaks become spaces",
        arguments: [
            ("plain ASCII", "plain ASCII"), ("निफ्टी 50 é 🚀", "निफ्टी 50 é 🚀"), ("a\u{1B}[31mred\u{1B}[0m", "ared"),
            ("\u{1B}]0;title\u{7}after", "after"), ("\u{1B}]8;;http://x\u{1B}\\link", "link"),
            ("a\nb\tc\rd", "a b c d"),
            ("\u{202E}evil\u{202C}", "evil"), ("bell\u{7}\u{8}", "bell"), ("\u{9B}2Jx", "x"), ("x\u{1B}", "x"),
            ("\u{1B}[", ""), ("a\u{0}b", "ab"), ("", ""),
        ])
    func cleaned(text: String, printable: String) { #expect(text.printable == printable) }

    @Test("random text is left without unprintable characters, and cleaning twice changes nothing")
    func random() {
        var random = SeededGenerator(seed: 31)
        let scalars: [Unicode.Scalar] = [
            "\u{1B}", "[", "]", "m", ";", "1", "\u{7}", "\u{9B}", "\\", "a", "\n", "\u{202E}",
        ]
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                text.unicodeScalars.append(scalars[Int.random(in: 0..<scalars.count, using: &random)])
            }
            let cleaned = text.printable
            #expect(cleaned.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
            #expect(cleaned.printable == cleaned)
        }
    }
}

import Testing

@testable import MarketFormats

@Suite("csv")
struct CSVWriterTests {
    private func line(_ cells: [Cell]) -> String {
        var csv = CSVWriter(times: .unix, zone: nil)
        csv.write(cells)
        return String(decoding: csv.bytes, as: UTF8.self)
    }

    @Test(
        "a text with a comma, a quote or a line break is quoted, as RFC 4180 says",
        arguments: [
            ("plain", "plain"), ("a,b", #""a,b""#), (#"say "a""#, #""say ""a""""#), (#"""#, #""""""#),
            ("a\nb", "\"a\nb\""),
            ("a b", "a b"), ("", ""),
        ])
    func quoting(text: String, field: String) {
        #expect(line([.text(text), .integer(1)]) == field + ",1\n")
    }

    @Test("a text that a spreadsheet would run is marked, and a number is not", arguments: ["=1+1", "+a", "@a", "-a"])
    func formulas(text: String) {
        #expect(line([.text(text), .number(-1.5)]) == "'\(text),-1.5\n")
        #expect(line([.text("-1.5")]) == "-1.5\n")
    }
}

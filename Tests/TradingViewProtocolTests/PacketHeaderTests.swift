import Testing

@testable import TradingViewProtocol

/// The splitter finds the end of a payload also where its length is wrong, so these are tested apart from it.
@Suite("Heads and lengths of packets")
struct PacketHeaderTests {
    @Test(
        "a length ends behind its last character, whatever it counts",
        arguments: [
            "abc", "Société Générale", "삼성전자 우선주", "🚀🚀 astral", "नमस्ते", String(repeating: "plain ", count: 20) + "é🚀",
        ])
    func extent(_ text: String) {
        for (unit, count) in [
            (UTF16Length.Unit.utf16, text.utf16.count), (.codePoint, text.unicodeScalars.count),
            (.byte, text.utf8.count),
        ] {
            #expect(extent(of: count, in: text, counting: unit) == .end(text.utf8.count), "\(unit)")
            #expect(extent(of: count + 1, in: text, counting: unit) == .short, "\(unit)")
        }
    }

    @Test("a length may end inside a character of two units")
    func inside() {
        #expect(extent(of: 2, in: "a🚀", counting: .utf16) == .insideCharacter)
    }

    @Test("a length has at most nine digits, and is at most 32 MiB")
    func heads() {
        #expect(head("~m~33554432~m~{") == .header(length: 33_554_432, payload: 14))
        #expect(head("~m~000000012~m~{") == .header(length: 12, payload: 15))
        for text in ["~m~33554433~m~{", "~m~0000000012~m~{"] {
            guard case .malformed = head(text) else {
                Issue.record("\(text) was read")
                continue
            }
        }
    }

    private func extent(of count: Int, in text: String, counting unit: UTF16Length.Unit) -> UTF16Length.Extent {
        Array(text.utf8).withUnsafeBufferPointer { UTF16Length.extent(of: count, in: $0, from: 0, counting: unit) }
    }

    private func head(_ text: String) -> PacketHeader {
        Array(text.utf8).withUnsafeBufferPointer { PacketHeader.read($0, at: 0) }
    }
}

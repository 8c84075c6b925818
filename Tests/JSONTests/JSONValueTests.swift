import Testing

@testable import JSON

@Suite("JSON values")
struct JSONValueTests {
    private func value(_ json: String) -> JSONValue? { JSONValue(parsing: Array(json.utf8)) }

    @Test("reads all kinds of values")
    func kinds() {
        let json = " {\"a\":[1,-2.5,true,false,null,\"x\"],\"b\":{\"c\":{}},\"d\":9223372036854775807} "
        let expected: JSONValue = [
            "a": [1, -2.5, true, false, nil, "x"], "b": ["c": [:]], "d": .integer(9_223_372_036_854_775_807),
        ]
        #expect(value(json) == expected)
    }

    @Test("escapes are resolved, half a surrogate pair becomes U+FFFD")
    func escapes() {
        #expect(value("\"\\u00e9\\n\\t\\\"\\\\\\/\\ud83d\\ude80 삼\\b\\f\\r\"") == "é\n\t\"\\/🚀 삼\u{8}\u{c}\r")
        #expect(value("\"a\\ud83d b\"") == "a\u{FFFD} b")
        #expect(value("{\"\\u0061\":1}") == ["a": 1])
    }

    @Test("written values read back the same, in ASCII")
    func roundTrip() {
        let original: JSONValue = ["k\u{7f}é🚀": ["a\"\\\n", 1, -2.5, 1e21, true, nil], "": [:]]
        #expect(original.encoded().allSatisfy { (0x20..<0x7F).contains($0) })
        #expect(JSONValue(parsing: original.encoded()) == original)
    }

    @Test(
        "invalid JSON is rejected",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "[1 2]", "tru", "nulls", "\"", "\"\\x\"",
            "\"\\u12\"",
            "\"\u{1}\"", "[1]]", "'a'", "{\"a\":1}{", "\"\\ud83\"",
        ]
    )
    func refused(_ json: String) {
        #expect(value(json) == nil)
    }

    @Test(
        "bytes that are not UTF-8 are rejected",
        arguments: [
            [0xFF], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
            [0xF0, 0x9F, 0x9A], [0xF5, 0x80, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func invalidText(_ bytes: [UInt8]) {
        #expect(JSONValue(parsing: [0x22] + bytes + [0x22]) == nil)
        #expect(JSONValue(parsing: Array("{\"m\":\"\"}".utf8)) == ["m": ""])
    }

    @Test("nesting is bounded")
    func nesting() {
        let allowed = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(value(allowed) != nil)
        #expect(value("[\(allowed)]") == nil)
    }
}

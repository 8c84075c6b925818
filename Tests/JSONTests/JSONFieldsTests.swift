import Testing

@testable import JSON

@Suite("Fields of a JSON response")
struct JSONFieldsTests {
    func fields(_ text: String) throws -> JSONFields {
        guard case .object(let fields) = JSONValue(parsing: Array(text.utf8)) else {
            throw UnreadableField("test", "'\(text)' is not an object")
        }
        return JSONFields(fields, path: "body")
    }

    @Test("a number may be text, under either of its names; absent, null or blank means unknown")
    func numbers() throws {
        let fields = try fields(#"{"a":1.5,"b":"2.5","c":null,"d":"-","e":"","f":0}"#)
        #expect(try fields.number("a") == 1.5)
        #expect(try fields.number("x", "b") == 2.5)
        #expect(try fields.number("c", "a") == 1.5)
        for name in ["c", "d", "e", "x"] { #expect(try fields.number(name) == nil) }
        #expect(try fields.positive("f") == nil)
        #expect(try fields.number("f") == 0)
    }

    @Test("an invalid number is an error with its path", arguments: [#""many""#, "true", "[1]", "{}", #""nan""#])
    func noNumber(text: String) throws {
        let fields = try fields(#"{"a":\#(text)}"#)
        let error = #expect(throws: UnreadableField.self) { try fields.number("a") }
        #expect(error?.path == "body.a")
    }

    @Test("a number that must be positive is an error when it is not")
    func negative() throws {
        let fields = try fields(#"{"a":-1}"#)
        #expect(throws: UnreadableField("body.a", "expected a number above 0, found -1")) { try fields.positive("a") }
    }

    @Test("the objects of a list know their index")
    func objects() throws {
        let fields = try fields(#"{"a":[{"b":1},{"b":"x"}],"c":[1]}"#)
        #expect(try fields.objects("a")?.map(\.path) == ["body.a[0]", "body.a[1]"])
        #expect(throws: UnreadableField("body.c[0]", "expected an object, found 1")) { try fields.objects("c") }
        #expect(try fields.objects("x")?.count == nil)
    }

    @Test("invalid JSON reads as nil", arguments: ["", "<html>", "{", "nonsense"])
    func notJSON(text: String) { #expect(JSONValue(parsing: Array(text.utf8)) == nil) }
}

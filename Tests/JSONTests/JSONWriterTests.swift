import Foundation
import JSON
import TestSupport
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    @Test("commas are written between values and nowhere else")
    func commas() {
        var json = JSONWriter()
        json.beginObject()
        json.field("a", 1)
        json.beginArray("b")
        json.null()
        json.bool(true)
        json.beginObject()
        json.endObject()
        json.endArray()
        json.field("c", "x")
        json.endObject()
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"a":1,"b":[null,true,{}],"c":"x"}"#)
    }

    @Test("numbers are written in their shortest form and read back the same, over seeded random doubles")
    func numbers() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            var json = JSONWriter()
            json.beginArray()
            json.number(value)
            json.endArray()
            let text = String(decoding: json.bytes, as: UTF8.self).dropFirst().dropLast()
            #expect(Double(text)?.bitPattern == value.bitPattern, "\(value) was written as \(text)")
            #expect(!text.hasSuffix(".0"))
        }
    }

    @Test("whole numbers have no fraction", arguments: [(306.0, "306"), (-0.05, "-0.05"), (0, "0"), (1e20, "1e+20")])
    func wholeNumbers(value: Double, text: String) {
        var json = JSONWriter()
        json.number(value)
        #expect(String(decoding: json.bytes, as: UTF8.self) == text)
    }

    @Test("numbers that are not finite are written as null")
    func notFinite() {
        var json = JSONWriter()
        json.beginArray()
        json.number(.nan)
        json.number(.infinity)
        json.number(nil)
        json.endArray()
        #expect(String(decoding: json.bytes, as: UTF8.self) == "[null,null,null]")
    }

    @Test(
        "text reads back the same through Foundation's parser",
        arguments: ["a\"b\\c", "line\nbreak\t\u{1}", "निफ्टी 🙂", ""])
    func text(value: String) throws {
        var json = JSONWriter()
        json.beginArray()
        json.string(value)
        json.endArray()
        let parsed = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String]
        #expect(parsed == [value])
    }
}

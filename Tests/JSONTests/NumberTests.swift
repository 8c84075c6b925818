import Foundation
import TestSupport
import Testing

@testable import JSON

@Suite("Numbers")
struct NumberTests {
    /// How many numbers are tried, in several spellings each; 10 million take some minutes.
    private static let cases = ProcessInfo.processInfo.environment["BHAV_NUMBER_CASES"].flatMap(Int.init) ?? 200_000

    @Test("numbers in several spellings read as strtod reads them, bit for bit")
    func bitEqual() {
        var generator = SeededGenerator(seed: 42)
        var wrong: [String] = []
        for round in 0..<NumberTests.cases / 3 {
            let number = random(round, using: &generator)
            for text in spellings(number, round) where !agrees(text) { wrong.append(text) }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test("numbers at and beside the middle between two doubles read as strtod reads them, bit for bit")
    func hard() {
        var generator = SeededGenerator(seed: 7)
        var wrong: [String] = []
        for _ in 0..<NumberTests.cases / 4 {
            // 54 bits, the last of them set: halfway between two doubles, exact in 17 to 19 digits.
            let middle = generator.next() >> UInt64.random(in: 1...10, using: &generator) | 1
            let exponent = Int.random(in: -30...30, using: &generator)
            for mantissa in [middle, middle &+ 1, middle &- 1, middle / 1000 * 1000] {
                let text = "\(mantissa)e\(exponent)"
                if !agrees(text) { wrong.append(text) }
            }
            // What JavaScript writes after arithmetic, such as 24810.550000000003.
            let digits = 17 - Int.random(in: 0...2, using: &generator)
            let price = Double.random(in: 0.01...1e6, using: &generator)
            let text = String(format: "%.\(max(1, digits - 5))f", price)
            if !agrees(text) { wrong.append(text) }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test("the shortest text of prices and other numbers is that of the float formatter")
    func shortest() {
        var generator = SeededGenerator(seed: 11)
        var numbers = [0.01, -0.01, -0.05, 0.005, 1e-5, 0.1, 4.35, 1.005, 1e15]
        numbers += [9_999_999_999_999.99, 99_999_999_999_999.98]
        for round in 0..<NumberTests.cases { numbers.append(random(round, using: &generator)) }
        numbers += numbers.flatMap { [$0.nextUp, $0.nextDown] }
        let wrong = numbers.filter { number in
            var bytes: [UInt8] = []
            bytes.append(shortest: number)
            return String(decoding: bytes, as: UTF8.self) != JSONWriter.text(number)
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test(
        "numbers at the limits of the fast path read as strtod reads them",
        arguments: [
            "0", "-0", "-0.0", "0e5", "9007199254740992", "9007199254740993", "9007199254740993.0", "1e22", "1e23",
            "123456789012345678", "1234567890123456789", "12345678901234567890", "18446744073709551616", "1e-22",
            "1e-23", "0.1", "5e-324", "2e-324", "1.7976931348623157e308", "2.2250738585072011e-308", "1E+100",
            "0.000000000000000000000000000001", "99999999999999999999999999999999", "8.5", "2.5e+0", "1e-400",
        ]
    )
    func edges(_ text: String) {
        #expect(agrees(text))
    }

    @Test(
        "invalid JSON numbers are rejected",
        arguments: [
            "", "-", "+1", "01", "-01", ".5", "5.", "1e", "1e+", "1.e5", "NaN", "nan", "Infinity", "-Infinity", "0x10",
            "1_000", "--1", "1e999", "-1e999",
        ]
    )
    func refused(_ text: String) {
        #expect(read(text) == nil && plain(text) == nil)
        #expect(JSONValue(parsing: Array(text.utf8))?.double == nil)
        #expect(JSONValue(parsing: Array("[\(text.isEmpty ? "," : text)]".utf8)) == nil)
    }

    private func random(_ round: Int, using generator: inout SeededGenerator) -> Double {
        if round % 3 == 0 {
            let number = Double(bitPattern: generator.next())
            return number.isFinite ? number : 1
        }
        // Prices and volumes: a few digits on both sides of the point.
        let scale: [Double] = [1, 10, 100, 1000, 10_000, 1_000_000]
        return (Double.random(in: -1e9...1e9, using: &generator) * scale[round % 6]).rounded() / scale[(round / 6) % 6]
    }

    private func spellings(_ number: Double, _ round: Int) -> [String] {
        var texts = ["\(number)", JSONWriter.text(number)]
        switch round % 4 {
        case 0: texts.append(String(format: "%.17g", number))
        case 1: texts.append(String(format: "%.20e", number))
        case 2: texts.append(String(format: "%.6E", number))
        default: if abs(number) < 1e30 { texts.append(String(format: "%.12f", number)) }
        }
        return texts
    }

    private func agrees(_ text: String) -> Bool {
        guard let number = read(text) else { return false }
        let expected = strtod(text, nil).bitPattern
        // A plain number that is refused is read the other way.
        return number.bitPattern == expected && plain(text).map { $0.bitPattern == expected } ?? true
    }

    private func plain(_ text: String) -> Double? {
        Array((text + "}").utf8).withUnsafeBufferPointer { bytes in
            guard var position = bytes.baseAddress, let number = PlainNumber.double(&position),
                position.pointee == UInt8(ascii: "}")
            else { return nil }
            return number
        }
    }

    private func read(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            var cursor = JSONCursor(bytes)
            guard let number = try? cursor.readNumber(), cursor.position == bytes.count else { return nil }
            return number
        }
    }
}

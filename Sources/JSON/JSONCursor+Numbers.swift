extension JSONCursor {
    /// Reads a number; the result is the `Double` nearest to the text, as `strtod` gives it.
    ///
    /// Up to 2^53 and 10^22 both digits and power of ten are exact, so that one rounding remains (W. D. Clinger, "How
    /// to Read Floating Point Numbers Accurately", 1990). Most others are found by `DecimalConversion`, the rest by
    /// `strtod`.
    @inlinable @inline(__always)
    public mutating func readNumber() throws(JSONFault) -> Double {
        let start = position
        let number = try scanNumber()
        if let value = number.exactValue { return value }
        return try readLongNumber(number, from: start)
    }

    /// Reads a number that is whole, such as `12` or `-1000101`, and nothing else.
    @inlinable @inline(__always)
    public mutating func readInteger() throws(JSONFault) -> Int {
        let number = try scanNumber()
        guard number.isInteger, number.digits <= 18 else { throw fault("expected an integer") }
        return number.isNegative ? -Int(number.mantissa) : Int(number.mantissa)
    }

    /// Checks a number and steps over it.
    public mutating func skipNumber() throws(JSONFault) {
        let start = position
        let number = try scanNumber()
        // A number too large for a Double is as invalid here as in the reader.
        if number.exponent + number.digits > 300 {
            _ = try readLongNumber(number, from: start)
        }
    }

    /// Reads a number of any kind.
    mutating func readNumberValue() throws(JSONFault) -> JSONValue {
        let start = position
        let number = try scanNumber()
        if number.isInteger {
            if number.digits <= 18 {
                let integer = Int(number.mantissa)
                // A negative zero is kept as such.
                if integer != 0 || !number.isNegative { return .integer(number.isNegative ? -integer : integer) }
            } else if let integer = Int(text(from: start)) {
                return .integer(integer)
            }
        }
        position = start
        return .number(try readNumber())
    }

    /// A number as it is written: (-1)^isNegative x mantissa x 10^exponent.
    @frozen
    public struct Number {
        public var isNegative: Bool
        /// The digits without the point; wrong where there are more than 19.
        public var mantissa: UInt64
        public var digits: Int
        public var exponent: Int
        public var isInteger: Bool

        @inlinable @inline(__always)
        init(isNegative: Bool, mantissa: UInt64, digits: Int, exponent: Int, isInteger: Bool) {
            self.isNegative = isNegative
            self.mantissa = mantissa
            self.digits = digits
            self.exponent = exponent
            self.isInteger = isInteger
        }

        /// The value, where one rounding gives it; `nil` for any other number.
        @inlinable @inline(__always)
        public var exactValue: Double? {
            guard digits <= 19, mantissa <= 1 << 53, -22...22 ~= exponent else { return nil }
            var value = Double(Int64(bitPattern: mantissa))
            if exponent < 0 {
                value /= JSONCursor.power(-exponent)
            } else if exponent > 0 {
                value *= JSONCursor.power(exponent)
            }
            return isNegative ? -value : value
        }
    }

    /// Checks a number against JSON's grammar (RFC 8259, section 6) and gathers its digits.
    @inlinable @inline(__always)
    public mutating func scanNumber() throws(JSONFault) -> Number {
        let isNegative = take(UInt8(ascii: "-"))
        let start = position
        var mantissa: UInt64 = 0
        gather(into: &mantissa)
        var digits = position - start
        guard digits == 1 || (digits > 1 && bytes[start] != UInt8(ascii: "0")) else {
            throw fault("expected a number")
        }
        var exponent = 0
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            let point = position
            gather(into: &mantissa)
            exponent = point - position
            guard exponent < 0 else { throw fault("a number has no digits after the point") }
            digits -= exponent
            isInteger = false
        }
        if current | 0x20 == UInt8(ascii: "e") {
            exponent += try scanExponent()
            isInteger = false
        }
        return Number(
            isNegative: isNegative, mantissa: mantissa, digits: digits, exponent: exponent, isInteger: isInteger)
    }

    // A loop over bytes: its branches are predicted, so that the next number is begun before this one is finished. Eight
    // digits at once make each position depend on the last and were slower for prices.
    @inlinable @inline(__always)
    mutating func gather(into mantissa: inout UInt64) {
        while position < bytes.count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            if digit > 9 { return }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            position += 1
        }
    }

    @inlinable
    mutating func scanExponent() throws(JSONFault) -> Int {
        position += 1
        let isNegative = take(UInt8(ascii: "-"))
        if !isNegative { _ = take(UInt8(ascii: "+")) }
        let start = position
        var exponent = 0
        while (48...57).contains(current) {
            exponent = min(exponent * 10 + Int(current - 48), 100_000)
            position += 1
        }
        guard position > start else { throw fault("a number has no digits in its exponent") }
        return isNegative ? -exponent : exponent
    }

    private func text(from start: Int) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    }

    @usableFromInline @inline(never)
    func readLongNumber(_ number: Number, from start: Int) throws(JSONFault) -> Double {
        if number.digits <= 19, let value = DecimalConversion.double(number.mantissa, number.exponent) {
            return number.isNegative ? -value : value
        }
        guard let value = Double(text(from: start)), value.isFinite else {
            throw fault("a number is too large")
        }
        return value
    }

    /// 10 to the power of 0 to 22: exact, as 10^22 = 2^22 · 5^22 and 5^22 < 2^53.
    @inlinable @inline(__always)
    static func power(_ exponent: Int) -> Double {
        switch exponent {
        case 0: 1e0
        case 1: 1e1
        case 2: 1e2
        case 3: 1e3
        case 4: 1e4
        case 5: 1e5
        case 6: 1e6
        case 7: 1e7
        case 8: 1e8
        case 9: 1e9
        case 10: 1e10
        case 11: 1e11
        case 12: 1e12
        case 13: 1e13
        case 14: 1e14
        case 15: 1e15
        case 16: 1e16
        case 17: 1e17
        case 18: 1e18
        case 19: 1e19
        case 20: 1e20
        case 21: 1e21
        default: 1e22
        }
    }
}

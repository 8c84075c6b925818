/// Reads decimal numbers from bytes, exactly as `Double` reads their text and many times faster.
enum DecimalText {
    /// The number; `nil` for what is none, or is not finite.
    static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
        // A mantissa below 2^53 over a power of ten up to 10^22 is rounded once and so correctly (W. Clinger,
        // "How to read floating point numbers accurately", 1990).
        var mantissa: UInt64 = 0
        var (digits, decimals) = (0, 0)
        var (isNegative, isFraction) = (false, false)
        for (offset, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                mantissa = mantissa &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
                digits += 1
                if isFraction { decimals += 1 }
            case UInt8(ascii: ".") where !isFraction: isFraction = true
            case UInt8(ascii: "-") where offset == 0: isNegative = true
            default: return slowly(bytes)
            }
        }
        guard (1...15).contains(digits) else { return slowly(bytes) }
        let value = Double(mantissa) / powers[decimals]
        return isNegative ? -value : value
    }

    private static func slowly(_ bytes: ArraySlice<UInt8>) -> Double? {
        guard let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else { return nil }
        return number
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}

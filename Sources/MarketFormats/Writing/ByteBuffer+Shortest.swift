import MarketData
import NIOCore

extension ByteBuffer {
    /// Writes a finite number by its shortest text; whole numbers, most volumes and many prices, without the detour
    /// over a float formatter.
    mutating func writeShortest(_ value: Double) {
        if let whole = Int64(exactly: value), abs(whole) < 1 << 53, !(whole == 0 && value.sign == .minus) {
            writeInteger(decimal: whole)
        } else {
            writeString(value.shortest)
        }
    }

    /// Writes a whole number in decimal digits.
    mutating func writeInteger(decimal value: Int64) {
        var rest = value.magnitude
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = 20
            repeat {
                start -= 1
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            } while rest > 0
            if value < 0 { writeInteger(UInt8(ascii: "-")) }
            writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[start...]))
        }
    }
}

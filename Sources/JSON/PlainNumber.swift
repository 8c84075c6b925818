/// Numbers as hot messages write them: digits, perhaps with a sign and a fraction, that one rounding turns into a
/// `Double`.
///
/// They are read through a pointer and without a look at the end. The caller ensures that a byte that is not a digit,
/// point or sign comes before the end of the text. Other notations and invalid numbers are `nil`;
/// the pointer is then somewhere in it.
public enum PlainNumber {
    /// Reads a number and steps over it; exact by one rounding (W. D. Clinger, 1990).
    @inlinable @inline(__always)
    public static func double(_ position: inout UnsafePointer<UInt8>) -> Double? {
        let isNegative = position.pointee == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let start = position
        var mantissa: UInt64 = 0
        gather(&position, &mantissa)
        let whole = position - start
        guard whole == 1 || (whole > 1 && start.pointee != UInt8(ascii: "0")) else { return nil }
        var fraction = 0
        if position.pointee == UInt8(ascii: ".") {
            position += 1
            let point = position
            gather(&position, &mantissa)
            fraction = position - point
            guard fraction > 0 else { return nil }
        }
        guard whole &+ fraction <= 19, mantissa <= 1 << 53, position.pointee | 0x20 != UInt8(ascii: "e") else {
            return nil
        }
        var value = Double(Int64(bitPattern: mantissa))
        if fraction > 0 { value /= JSONCursor.power(fraction) }
        return isNegative ? -value : value
    }

    /// Reads an integer below 2^52 in size and steps over it.
    @inlinable @inline(__always)
    public static func integer(_ position: inout UnsafePointer<UInt8>) -> Int? {
        let isNegative = position.pointee == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let start = position
        var mantissa: UInt64 = 0
        gather(&position, &mantissa)
        let whole = position - start
        guard whole == 1 || (2...15 ~= whole && start.pointee != UInt8(ascii: "0")),
            position.pointee != UInt8(ascii: "."), position.pointee | 0x20 != UInt8(ascii: "e")
        else { return nil }
        return isNegative ? -Int(mantissa) : Int(mantissa)
    }

    // A loop over bytes: its branches are predicted, so that the next number is begun before this one is finished. Eight
    // digits at once make each position depend on the last, and were slower for prices.
    @inlinable @inline(__always)
    static func gather(_ position: inout UnsafePointer<UInt8>, _ mantissa: inout UInt64) {
        var digit = UInt64(position.pointee) &- 48
        while digit <= 9 {
            mantissa = mantissa &* 10 &+ digit
            position += 1
            digit = UInt64(position.pointee) &- 48
        }
    }
}

/// Percent-encoding for paths, queries and forms (RFC 3986, section 2).
public enum PercentEncoding {
    /// A text in which every byte but letters, digits, `-._~` and those to keep is percent-encoded.
    /// - Parameter kept: ASCII characters that stay as they are.
    public static func encode(_ text: String, keeping kept: String = "") -> String {
        var encoded = ""
        for byte in text.utf8 {
            if isUnreserved(byte) || kept.utf8.contains(byte) {
                encoded.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    /// Names and values as a query or a form has them: `a=1&b=2`.
    /// - Parameter kept: ASCII characters of values that stay as they are.
    public static func pairs(_ pairs: [(name: String, value: String)], keeping kept: String = "") -> String {
        pairs.map { "\(encode($0.name))=\(encode($0.value, keeping: kept))" }.joined(separator: "&")
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

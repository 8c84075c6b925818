/// A key as it stands in the bytes; a `String` is made of it only when asked.
struct JSONKey {
    /// The bytes between the quotes.
    let bytes: UnsafeBufferPointer<UInt8>
    let hasEscapes: Bool

    /// Whether it is this ASCII text. A key written with escapes is none of ours.
    @inline(__always)
    func isEqual(to text: StaticString) -> Bool {
        guard !hasEscapes, bytes.count == text.utf8CodeUnitCount else { return false }
        for offset in 0..<bytes.count where bytes[offset] != text.utf8Start[offset] { return false }
        return true
    }

    /// The key as text.
    var text: String {
        hasEscapes ? JSONEscapes.resolve(bytes) : String(decoding: bytes, as: UTF8.self)
    }
}

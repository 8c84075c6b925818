/// A key that callers must show. It prints as dots, so that it never reaches a log.
public struct APIKey: Sendable {
    private let bytes: [UInt8]

    /// A key; `nil` for empty text.
    public init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        bytes = Array(text.utf8)
    }

    /// Whether the text is this key. Takes as long for a wrong text as for the right one of the same length.
    func matches(_ text: some StringProtocol) -> Bool {
        let shown = Array(text.utf8)
        var difference: UInt8 = shown.count == bytes.count ? 0 : 1
        for index in shown.indices { difference |= shown[index] ^ bytes[index % bytes.count] }
        return difference == 0
    }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Dots.
    public var description: String { "•••" }
    /// Dots.
    public var debugDescription: String { description }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a close frame said.
public struct WebSocketClosure: Hashable, Sendable {
    /// The code; 1005 where the frame carried none.
    public let code: WebSocketCloseCode
    /// The peer's words, often empty.
    public let reason: String

    /// A closure.
    public init(_ code: WebSocketCloseCode, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }
}

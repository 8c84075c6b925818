/// The HTTP answer of a server that did not switch to WebSocket.
public struct UpgradeRefusal: Hashable, Sendable {
    /// The HTTP status, such as 429.
    public let status: Int
    /// The text beside the status.
    public let reasonPhrase: String
    /// `Retry-After` in seconds, a day at the most; `nil` where there is none.
    public let retryAfterSeconds: Int?
    /// At most the first 200 bytes of the body, read as UTF-8.
    public let body: String

    /// An answer.
    public init(status: Int, reasonPhrase: String, retryAfterSeconds: Int?, body: String) {
        self.status = status
        self.reasonPhrase = reasonPhrase
        self.retryAfterSeconds = retryAfterSeconds
        self.body = body
    }
}

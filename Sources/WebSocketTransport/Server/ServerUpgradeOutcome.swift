import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// What a connection turned out to be after its first request.
enum ServerUpgradeOutcome: Sendable {
    case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
    case webSocket(WebSocketConnection, HTTPRequest, WebSocketUpgradeDecision.Handler)
}

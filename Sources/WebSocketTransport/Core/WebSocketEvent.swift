/// What the channel hands to the iterating task.
enum WebSocketEvent: Sendable {
    case message(WebSocketMessage)
    /// Nothing follows; ``WebSocketEnding`` says why.
    case ended
}

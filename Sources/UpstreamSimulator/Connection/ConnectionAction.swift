/// What the simulated server does next on a connection.
enum ConnectionAction: Equatable, Sendable {
    /// Sends a text message.
    case text([UInt8])
    /// Sends a binary message.
    case binary([UInt8])
    /// Sends one text message in so many continuation frames.
    case fragments([UInt8], pieces: Int)
    /// Sends a WebSocket ping.
    case ping
    /// Closes cleanly.
    case close
    /// Announces a text frame of the whole message, sends the first half of it and drops the connection.
    case closeMidFrame([UInt8])
    /// Drops the connection with a TCP reset.
    case reset
}

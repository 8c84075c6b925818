/// What clients have done so far.
public struct SimulatorActivity: Hashable, Sendable {
    /// WebSocket connections ever made.
    public internal(set) var connectionsMade = 0
    /// WebSocket connections open now.
    public internal(set) var connectionsOpen = 0
    /// Calls received, by method.
    public internal(set) var calls: [String: Int] = [:]
    /// HTTP requests received, by path.
    public internal(set) var requests: [String: Int] = [:]
    /// Heartbeats that clients sent back.
    public internal(set) var heartbeatsAnswered = 0
    /// Stretches of bytes that were no packet.
    public internal(set) var unreadablePackets = 0
}

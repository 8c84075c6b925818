/// A source that knows how it is doing without being asked for data.
public protocol MonitoredSource: Sendable {
    /// How the source is doing now.
    func status() async -> SourceStatus
    /// Keeps a connection up from now on, so that the status is right though nobody asks for data.
    func keepConnected() async
}

import Synchronization

/// Bytes that tasks handed over and that have not reached the channel.
///
/// Until the event loop has seen them the channel still calls itself writable, and a fast writer would pile up megabytes.
final class WebSocketBacklog: Sendable {
    private static let limit = 64 << 10

    private let bytes = Atomic(0)

    /// Whether the channel's word about being writable is out of date.
    var isLarge: Bool { bytes.load(ordering: .relaxed) >= Self.limit }

    /// Bytes were handed over.
    func add(_ count: Int) { bytes.add(count, ordering: .relaxed) }

    /// Bytes reached the channel, or never will.
    func remove(_ count: Int) { bytes.subtract(count, ordering: .relaxed) }
}

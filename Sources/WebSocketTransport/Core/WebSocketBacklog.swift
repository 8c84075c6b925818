import Synchronization

/// Bytes that were offered from other threads and have not reached the channel, which therefore cannot yet say that it is
/// not writable.
final class WebSocketBacklog: Sendable {
    private static let limit = 64 << 10

    private let bytes = Atomic(0)

    /// Counts bytes as offered; `false` where too many wait already.
    func add(_ count: Int) -> Bool {
        guard bytes.load(ordering: .relaxed) < Self.limit else { return false }
        bytes.add(count, ordering: .relaxed)
        return true
    }

    /// The bytes reached the channel.
    func remove(_ count: Int) { bytes.subtract(count, ordering: .relaxed) }
}

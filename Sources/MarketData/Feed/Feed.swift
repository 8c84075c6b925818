import Synchronization

/// What happens, as it happens, for one reader. Letting go of the feed and its iterator ends the subscription.
///
/// The queue behind it is bounded: a newer element with the same key takes the older one's place while both wait, and a
/// reader that lets more keys pile up than the feed holds gets `overloaded` thrown.
public struct Feed<Element: Sendable>: AsyncSequence, Sendable {
    let channel: FeedChannel<Element>
    private let lifetime: FeedLifetime

    /// Makes a feed and the source that fills it.
    /// - Parameters:
    ///   - capacity: How many elements of different keys may wait.
    ///   - key: What an element replaces when both wait; `nil` for an element that is never replaced.
    public static func make(
        capacity: Int = 4096, key: @escaping @Sendable (Element) -> ConflationKey?
    ) -> (feed: Feed, source: FeedSource<Element>) {
        let channel = FeedChannel<Element>(capacity: capacity, key: key)
        let lifetime = FeedLifetime { channel.abandon() }
        return (Feed(channel: channel, lifetime: lifetime), FeedSource(channel: channel))
    }

    /// How many elements were replaced by newer ones before they were read.
    public var conflated: Int { channel.conflated }

    /// The one reader of this feed.
    public func makeAsyncIterator() -> Iterator { Iterator(channel: channel, lifetime: lifetime) }

    /// Reads a feed; a cancelled task reads the end.
    public struct Iterator: AsyncIteratorProtocol {
        let channel: FeedChannel<Element>
        let lifetime: FeedLifetime

        /// The next element, `nil` at the end.
        /// - Throws: `MarketDataError`, why the feed ended before its time.
        public mutating func next() async throws -> Element? {
            try await channel.next()
        }
    }
}

final class FeedLifetime: Sendable {
    private let onEnd: @Sendable () -> Void

    init(onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }

    deinit { onEnd() }
}

import Synchronization

/// What happens, as it happens, for one reader. Releasing the feed and its iterator ends the subscription.
///
/// The queue behind it is bounded: a newer element with the same key takes the older one's place while both wait, and a
/// reader that lets more keys pile up than the feed holds gets `overloaded` thrown.
public struct Feed<Element: Sendable>: AsyncSequence, Sendable {
    let channel: FeedChannel<Element>
    private let lifetime: FeedLifetime

    /// Makes a feed and the source that fills it.
    /// - Parameters:
    ///   - capacity: How many elements of different keys may wait.
    ///   - key: The key of a waiting element that this one replaces; `nil` for an element that is never replaced.
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

    /// Calls the body for each element, in order, on the thread that sends it: no task wakes for an element. Returns at the
    /// end of the feed, or when the task is cancelled.
    ///
    /// The body must return soon. One call ends before the next begins; elements that are sent meanwhile wait as for any
    /// reader. When the task is cancelled, a call of the body that is in progress may outlast the return.
    /// - Throws: `MarketDataError`: the source's failure that ended the feed, or `overloaded` where more waited than the
    ///   feed holds.
    public func forEach(_ body: @escaping @Sendable (Element) -> Void) async throws {
        try await channel.forEach(body)
        // The subscription lasts until here.
        withExtendedLifetime(lifetime) {}
    }

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

extension Feed where Element == QuoteEvent {
    /// A feed of quotes, in which the newest quote of a symbol replaces an older one that still waits.
    public static func ofQuotes(capacity: Int = 4096) -> (feed: Feed, source: FeedSource<QuoteEvent>) {
        make(capacity: capacity) { event in
            if case .quote(let quote) = event { .symbol(quote.symbol) } else { nil }
        }
    }
}

extension Feed where Element == BarEvent {
    /// A feed of bars, in which a bar replaces an older state of itself that still waits; no bar is ever left out.
    public static func ofBars(capacity: Int = 4096) -> (feed: Feed, source: FeedSource<BarEvent>) {
        make(capacity: capacity) { event in
            if case .bar(let bar) = event { .time(bar.time) } else { nil }
        }
    }
}

/// The writing end of a feed.
public struct FeedSource<Element: Sendable>: Sendable {
    let channel: FeedChannel<Element>

    /// Hands an element to the reader. Later elements are dropped.
    public func send(_ element: Element) { channel.send(element) }

    /// Ends the feed; with an error, the reader gets it thrown after what still waits.
    public func finish(throwing error: (any Error)? = nil) { channel.finish(throwing: error) }

    /// Sets the action for when the reader has released the feed, at once if it already has.
    public func onAbandoned(_ action: @escaping @Sendable () -> Void) { channel.onAbandoned(action) }

    /// How many elements were replaced by newer ones before they were read.
    public var conflated: Int { channel.conflated }
}

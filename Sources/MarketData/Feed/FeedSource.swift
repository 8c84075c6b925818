/// The writing end of a feed.
public struct FeedSource<Element: Sendable>: Sendable {
    let channel: FeedChannel<Element>

    /// Hands an element to the reader. What comes after the end is dropped.
    public func send(_ element: Element) { channel.send(element) }

    /// Ends the feed; with an error, the reader gets it thrown after what still waits.
    public func finish(throwing error: (any Error)? = nil) { channel.finish(throwing: error) }

    /// Says what to do once the reader has let go of the feed, at once if it already has.
    public func onAbandoned(_ action: @escaping @Sendable () -> Void) { channel.onAbandoned(action) }

    /// How many elements were replaced by newer ones before they were read.
    public var conflated: Int { channel.conflated }
}

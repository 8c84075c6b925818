import MarketData
import Synchronization

/// Receives the events of a live subscription, in order, without a task or a queue between.
///
/// It is called under a lock of the hub: it must return soon and must not call the hub.
package struct LiveHandler<Event: Sendable>: Sendable {
    let receive: @Sendable (Event) -> Void
    let end: @Sendable ((any Error)?) -> Void
    let readers: @Sendable () -> Int

    /// - Parameters:
    ///   - readers: How many read through this handler, for the status.
    ///   - receive: Called for each event.
    ///   - end: Called once when upstream ends the subscription, with the failure where there is one.
    package init(
        readers: @escaping @Sendable () -> Int, receive: @escaping @Sendable (Event) -> Void,
        end: @escaping @Sendable ((any Error)?) -> Void
    ) {
        self.readers = readers
        self.receive = receive
        self.end = end
    }

    /// A handler that fills a feed.
    init(_ source: FeedSource<Event>) {
        self.init(readers: { 1 }, receive: { source.send($0) }, end: { source.finish(throwing: $0) })
    }
}

/// A live subscription that is open until it is cancelled or upstream ends it.
package struct LiveSubscription: Sendable {
    private let leave: @Sendable () -> Void

    init(leave: @escaping @Sendable () -> Void) { self.leave = leave }

    /// Ends it. An event that is being delivered may still reach the handler.
    package func cancel() { leave() }
}

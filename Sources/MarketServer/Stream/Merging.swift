import DequeModule
import MarketData

/// A quote and the message with what changed since the one before; `nil` if only the time of the data changed.
final class QuoteVersion: Sendable {
    let quote: Quote
    let frame: Frame?

    init(_ quote: Quote, frame: Frame?) {
        self.quote = quote
        self.frame = frame
    }
}

/// The quotes that a client behind did not get. One message per topic brings it to the present.
struct QuoteMerge {
    /// The topics that changed, in the order of their first change, with the quote that the client has.
    private var bases = Deque<(topic: Int, base: QuoteVersion?)>()
    private var waiting: Set<Int> = []

    var isEmpty: Bool { bases.isEmpty }

    /// A change of a topic is not sent.
    /// - Parameter base: The quote before the change.
    /// - Returns: Whether an earlier change of the topic waits, which this one replaces.
    mutating func add(_ topic: Int, base: QuoteVersion?) -> Bool {
        guard waiting.insert(topic).inserted else { return true }
        bases.append((topic, base))
        return false
    }

    /// The next topic to bring to the present, and the quote that the client has of it.
    mutating func popFirst() -> (topic: Int, base: QuoteVersion?)? {
        guard let (topic, base) = bases.popFirst() else { return nil }
        waiting.remove(topic)
        // An emptied collection would keep the memory of its longest time.
        if bases.isEmpty { (bases, waiting) = (Deque(), []) }
        return (topic, base)
    }
}

/// Messages that wait for a client that is behind. Only an older state of the same bar is replaced.
struct FrameQueue {
    /// More messages than this are too many.
    static let capacity = 4096

    private var messages = Deque<(message: TopicUpdate.Message, number: Int)>()

    var count: Int { messages.count }
    var isEmpty: Bool { messages.isEmpty }

    /// Appends a message; one about the same bar as the message before it takes its place.
    /// - Returns: Whether there is room.
    mutating func append(_ message: TopicUpdate.Message, number: Int) -> Bool {
        if case .bar(let time) = message.kind, let last = messages.last, case .bar(time) = last.message.kind {
            messages[messages.count - 1] = (message, number)
            return true
        }
        guard count < FrameQueue.capacity else { return false }
        messages.append((message, number))
        return true
    }

    /// Drops the messages up to a number.
    mutating func drop(through number: Int) {
        while let message = messages.first, message.number <= number { messages.removeFirst() }
        releaseIfEmpty()
    }

    mutating func popFirst() -> TopicUpdate.Message? {
        defer { releaseIfEmpty() }
        return messages.popFirst()?.message
    }

    /// An emptied `Deque` would keep the memory of the longest queue.
    private mutating func releaseIfEmpty() {
        if messages.isEmpty { messages = Deque() }
    }
}

/// Counts what was merged because a client was behind, and reports it at most once a second.
struct LagMeter {
    private var dropped = 0
    private var notBefore: ContinuousClock.Instant?

    mutating func add(_ count: Int) { dropped += count }

    /// The number of merged changes since the last report; `nil` if there is nothing to report now.
    mutating func report(at now: ContinuousClock.Instant) -> Int? {
        guard dropped > 0, notBefore.map({ now >= $0 }) ?? true else { return nil }
        defer {
            dropped = 0
            notBefore = now.advanced(by: .seconds(1))
        }
        return dropped
    }
}

/// What a topic publishes to the event loops.
struct TopicUpdate: Sendable {
    /// A message to every viewer.
    struct Message: Sendable {
        /// What the message is about.
        enum Kind: Hashable {
            /// A bar with this opening time in seconds, forming or final.
            case bar(Int64)
            case gap
            case repaired(Int)
            case other
        }

        let frame: Frame
        var kind = Kind.other
        /// The statuses that a snapshot shows.
        var statuses: [SourceStatus] = []
    }

    /// What happened.
    enum Content: Sendable {
        case quote(QuoteVersion)
        /// The number of changes of a quote that came faster than this event loop took them; only the newest is left.
        case merged(QuoteVersion, changes: Int)
        case message(Message)
        /// A source came or went.
        case status(SourceStatus, message: [UInt8])
        /// The instrument has no quotes, for now or for good.
        case refused(MarketDataError, Frame)
        /// Upstream ended the topic, with a failure where there is one.
        case ended(MarketDataError?)
    }

    let topic: Int
    /// The number of the update within its topic.
    let number: Int
    let content: Content
}

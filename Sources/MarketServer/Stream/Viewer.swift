import JSON
import MarketData
import MarketFormats
import MarketHub
import NIOCore

/// Where the bytes of a viewer go. Used on the viewer's event loop only.
protocol ViewerOutput: AnyObject {
    /// Whether the client's connection takes bytes now.
    var isWritable: Bool { get }
    /// The bytes that were written and that the connection has not sent.
    var pendingBytes: Int { get }
    func write(_ bytes: ByteBuffer)
    /// Closes the connection of a client that reads too slowly.
    func closeSlowClient()
    /// Refuses the subscription before its first message.
    /// - Returns: Whether the output can do so; otherwise the error is a message.
    func refuse(_ error: MarketDataError) -> Bool
    /// The last bytes were written.
    func end()
}

extension ViewerOutput {
    func refuse(_ error: MarketDataError) -> Bool { false }
    func end() {}
}

/// One client: its subscriptions and the messages that wait for the next write. Belongs to an event loop.
final class Viewer {
    let output: any ViewerOutput
    var buffer: ViewerBuffer
    var subscriptions: [String: StreamSubscription] = [:]
    /// What the client knows of the sources.
    var statuses = KnownStatuses()
    /// Whether the connection takes no bytes, so that subscriptions merge instead of sending.
    var isBehind = false
    /// Whether the buffer has messages for the next flush.
    var isDirty = false
    var isFlushing = false
    var isClosed = false
    /// The bytes that were handed to the connection.
    var written = 0
    var hasMessages = false
    /// Whether the connection ends after what waits.
    var isEnding = false
    var watch = SlowClientWatch()
    /// Those who wait until the client has caught up.
    var waiting: [EventLoopPromise<Void>] = []

    init(_ framing: ViewerBuffer.Framing, output: any ViewerOutput) {
        buffer = ViewerBuffer(framing)
        self.output = output
    }

    /// The bytes that the client's connection took.
    var taken: Int { written - output.pendingBytes }
}

/// Writes the buffers of an event loop's viewers to their connections.
final class ViewerWriter {
    /// A viewer with more bytes than this in its buffer is written at once.
    private static let flushSize = 64 << 10

    private var dirty: [Viewer] = []

    /// A viewer has messages for the next flush.
    func touch(_ viewer: Viewer) {
        if !viewer.isDirty {
            viewer.isDirty = true
            dirty.append(viewer)
        }
        if viewer.buffer.count >= ViewerWriter.flushSize { flush(viewer) }
    }

    /// Writes the buffers of all viewers that have messages.
    func flush() {
        let written = dirty
        dirty.removeAll(keepingCapacity: true)
        for viewer in written {
            viewer.isDirty = false
            flush(viewer)
        }
    }

    /// Writes the buffer of a viewer; one whose connection takes nothing is behind from then on.
    func flush(_ viewer: Viewer) {
        guard viewer.buffer.count > 0, !viewer.isBehind, !viewer.isClosed, !viewer.isFlushing else { return }
        guard viewer.output.isWritable else {
            viewer.isBehind = true
            return
        }
        // Writing may call `isReady` of the same viewer.
        viewer.isFlushing = true
        let bytes = viewer.buffer.take()
        viewer.written += bytes.readableBytes
        viewer.output.write(bytes)
        viewer.buffer.reuse(bytes)
        viewer.isFlushing = false
        if viewer.isEnding { viewer.output.end() }
        if !viewer.output.isWritable { viewer.isBehind = true }
    }
}

/// What a client knows of the sources, so that each change is sent once.
struct KnownStatuses {
    private var known: [Provenance.Source: SourceStatus] = [:]

    /// Whether the client does not know this yet; from now on it does.
    mutating func isChange(_ status: SourceStatus) -> Bool {
        let former = known.updateValue(status, forKey: status.source)
        return former.map { ($0.state, $0.reason) != (status.state, status.reason) } ?? true
    }

    /// The client gets these in a snapshot.
    mutating func note(_ statuses: [SourceStatus]) {
        for status in statuses { known[status.source] = status }
    }
}

/// Notices a client that takes nothing although messages wait for it.
struct SlowClientWatch {
    private var last: (taken: Int, at: ContinuousClock.Instant)?

    /// Whether the client, being behind, took nothing for the limit.
    /// - Parameter taken: The bytes that its connection took so far.
    mutating func isTooSlow(
        isBehind: Bool, taken: Int, at now: ContinuousClock.Instant, limit: Duration
    ) -> Bool {
        guard isBehind else {
            last = nil
            return false
        }
        guard let last, last.taken == taken else {
            self.last = (taken, now)
            return false
        }
        return now - last.at > limit
    }
}

/// One subscription of a viewer. Belongs to the viewer's event loop.
final class StreamSubscription {
    /// What it follows.
    enum Kind {
        /// Changes of quotes; those of a client that is behind are merged.
        case quotes
        /// Messages of which none may be missing: bars and open interest.
        case series
        /// The newest quotes from time to time, under the client's own names by topic.
        case ticks(names: [Int: String])

        var isTicks: Bool { if case .ticks = self { true } else { false } }
    }

    /// How far it is.
    enum Phase {
        /// Its snapshot is being made.
        case preparing
        /// Its snapshot is ready to be sent.
        case prepared(Opening)
        case live
        case over
    }

    /// What a subscription begins with.
    enum Opening {
        case quotes(SymbolList, QuoteResult)
        /// The first messages, and the number of the last update that they contain.
        case series([TopicUpdate.Content], through: Int)
    }

    let viewer: Viewer
    let kind: Kind
    let isTicks: Bool
    var label: FrameLabel
    var phase = Phase.preparing {
        didSet { isLive = if case .live = phase { true } else { false } }
    }
    private(set) var isLive = false
    /// Those who get the same messages; `nil` before it is attached and after its end.
    var audience: FanoutAudience?
    /// How many of the topics upstream has not ended.
    var openTopics = 0
    /// The end that follows what still waits.
    var end: Result<Void, MarketDataError>?
    /// Quotes that the client did not get because it was behind.
    var merge = QuoteMerge()
    /// Quotes of the snapshot whose topics have none on this event loop yet.
    /// `nil`: the client has none either. By reference, for a table of quotes is large.
    var bases: [Int: QuoteVersion?] = [:]
    var refused: Set<Symbol> = []
    var lag = LagMeter()
    var queue = FrameQueue()
    /// Topics with a newer quote than the last tick.
    var ticks: [Int: QuoteVersion] = [:]
    /// The work on the snapshot.
    var task: Task<Void, Never>?

    init(_ kind: Kind, id: String, viewer: Viewer) {
        self.kind = kind
        isTicks = kind.isTicks
        self.viewer = viewer
        label = FrameLabel(id: id)
    }

    var isOver: Bool { if case .over = phase { true } else { false } }

    /// Whether the client has the quote before each of these changes and takes the messages now.
    func takesAll(_ changes: [FanoutAudience.Change]) -> Bool {
        !viewer.isBehind && refused.isEmpty
            && (bases.isEmpty || changes.allSatisfy { bases.index(forKey: $0.topic.id) == nil })
    }
}

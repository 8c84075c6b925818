import TradingViewProtocol
import WebSocketTransport

/// The connection that stands now, as the sessions on it see it.
struct Link: Sendable {
    /// Which connection this is; a later one has a larger number.
    let number: Int
    /// What is to be sent, in order; bounded, and a link whose queue is full is cut.
    let queue: AsyncStream<[UInt8]>.Continuation
    /// Completed when the link shall end: with `success` to be replaced, with an error where it is broken.
    let ending = Promise<Void>()
    var budget: SessionBudget
    /// The sessions that were made on it, the newest last: what names one of them is no damaged name.
    private(set) var sessions: [SessionID] = []
    /// When it was opened, and when the last thing came.
    let opened: Duration
    var lastReceived: Duration
    /// When something of a session came last; neither heartbeats nor the greeting count.
    var lastData: Duration
    /// The sessions that may be made to look after live series.
    var probes: ProbeAllowance

    /// The packets that may wait to be sent.
    static let queueLength = 8192
    /// The sessions that are remembered; a connection is replaced before it has made many more.
    private static let mostSessions = 512

    init(
        number: Int, queue: AsyncStream<[UInt8]>.Continuation, budget: SessionBudget, opened: Duration
    ) {
        self.number = number
        self.queue = queue
        self.budget = budget
        self.opened = opened
        lastReceived = opened
        lastData = opened
        probes = ProbeAllowance(at: opened)
    }

    /// Counts a session that is made.
    mutating func made(_ session: SessionID) {
        budget.take()
        if sessions.count == Link.mostSessions { sessions.removeFirst() }
        sessions.append(session)
    }

    func send(_ call: ClientCall) { send(call.encoded()) }

    func send(_ packet: [UInt8]) {
        if case .dropped = queue.yield(packet) {
            ending.complete(.failure(ConnectionFault.closed))
        }
    }
}

import TradingViewProtocol

/// The connection that stands now, as the sessions on it see it.
struct Link: Sendable {
    /// Which connection this is; a later one has a larger number.
    let number: Int
    /// What is to be sent, in order; bounded, and a link whose queue is full is cut.
    let queue: AsyncStream<[UInt8]>.Continuation
    /// Completed when the link shall end: with `success` to be replaced, with an error where it is broken.
    let ending = Promise<Void>()
    var budget: SessionBudget
    /// When it was opened, and when the last thing came.
    let opened: Duration
    var lastReceived: Duration

    /// The packets that may wait to be sent.
    static let queueLength = 8192

    func send(_ call: ClientCall) { send(call.encoded()) }

    func send(_ packet: [UInt8]) {
        if case .dropped = queue.yield(packet) {
            ending.complete(.failure(ConnectionFault.closed))
        }
    }
}

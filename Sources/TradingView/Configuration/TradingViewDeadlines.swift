/// How long things may take before they are given up with an error.
public struct TradingViewDeadlines: Hashable, Sendable {
    /// From the first byte to an open WebSocket.
    public var connect: Duration = .seconds(6)
    /// Without any data for a question; heartbeats do not count.
    public var progress: Duration = .seconds(20)
    /// Without any data for a live series that is loaded again after a break.
    public var reload: Duration = .seconds(10)
    /// From asking for bars to having them all, however many pages that takes.
    public var total: Duration = .seconds(120)
    /// Without anything from the server, heartbeats included, before a connection is taken for dead.
    ///
    /// TradingView sends a heartbeat every 5 to 10 seconds.
    public var silence: Duration = .seconds(25)
    /// Without any data of live feeds, on a connection on which heartbeats go on, before the server is asked whether it
    /// still answers. Where no answer comes within `probe`, the connection is replaced. A single series is given twice the
    /// time.
    public var stall: Duration = .seconds(12)
    /// For the answer that shows whether a connection or a series lives.
    public var probe: Duration = .seconds(8)
    /// From an unreadable packet to the next one that brings the answer on, before the bars are asked for again.
    public var doubt: Duration = .seconds(2)
    /// For the dates of a continuous future's rolls, once all its bars are there; without them the bars are given alone.
    public var rolls: Duration = .seconds(3)
    /// For one HTTP request: search, sign-in.
    public var http: Duration = .seconds(15)
    /// For finding suggestions once a symbol was not found.
    public var suggestions: Duration = .milliseconds(700)

    /// The usual deadlines.
    public init() {}
}

import MarketData

/// The server's clock as messages carry it: `t` in seconds and `t_ms` in milliseconds.
struct ServerClock {
    var seconds: Double?
    var milliseconds: Double?

    /// The more exact of the two; `nil` where there is none.
    var time: Timestamp? {
        if let milliseconds { return Timestamp(wireSeconds: milliseconds / 1000) }
        return seconds.flatMap(Timestamp.init(wireSeconds:))
    }
}

extension Timestamp {
    /// An instant from seconds with a fraction, to the nearest millisecond; `nil` for what is no instant.
    init?(wireSeconds seconds: Double) {
        guard abs(seconds) < 1e11 else { return nil }
        self.init(milliseconds: Int64((seconds * 1000).rounded()))
    }
}

import MarketData

/// The server's heartbeats on one connection: `~h~1`, `~h~2`, ... and whether the client answers.
struct Heartbeats: Equatable, Sendable {
    let interval: Int64
    let patience: Int64
    private(set) var count = 0
    private var lastSent: Timestamp
    private var unansweredSince: Timestamp?

    init(intervalSeconds: Int, patienceSeconds: Int, start: Timestamp) {
        interval = Int64(intervalSeconds)
        patience = Int64(patienceSeconds)
        lastSent = start
    }

    /// Whether a heartbeat has gone unanswered for too long.
    func isDead(at now: Timestamp) -> Bool {
        guard let unansweredSince else { return false }
        return now >= unansweredSince.advanced(bySeconds: patience)
    }

    /// The next heartbeat, where its time has come.
    mutating func due(at now: Timestamp) -> WirePacket? {
        guard now >= lastSent.advanced(bySeconds: interval) else { return nil }
        return next(at: now)
    }

    /// The next heartbeat, whether or not its time has come.
    mutating func next(at now: Timestamp) -> WirePacket {
        count += 1
        lastSent = now
        unansweredSince = unansweredSince ?? now
        return .heartbeat(count)
    }

    /// Takes an answer; what answers no heartbeat that was sent is left out of account.
    mutating func answer(_ payload: [UInt8]) {
        guard let number = Int(String(decoding: payload.dropFirst(3), as: UTF8.self)), number > 0, number <= count
        else { return }
        unansweredSince = nil
    }
}

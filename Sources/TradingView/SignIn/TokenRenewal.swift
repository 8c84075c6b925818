import MarketData

/// When a token is fetched anew: at 80 % of its life, and at least a minute before it expires.
struct TokenRenewal: Hashable, Sendable {
    /// When to fetch the next; `nil` where the token does not say when it expires.
    private(set) var due: Timestamp?
    private let expiry: Timestamp?
    private var pauses = 0

    private static let marginMilliseconds: Int64 = 60_000
    private static let firstPauseSeconds: Int64 = 60
    private static let longestPauseSeconds: Int64 = 600

    /// - Parameters:
    ///   - issued: The token's claim `iat`; without it, its life is counted from when it was fetched.
    ///   - expiry: Its claim `exp`.
    init(issued: Timestamp?, expiry: Timestamp?, fetchedAt: Timestamp) {
        self.expiry = expiry
        guard let expiry else { return }
        let start = min(issued ?? fetchedAt, expiry).milliseconds
        let mostOfLife = start + (expiry.milliseconds - start) / 5 * 4
        due = Timestamp(milliseconds: min(mostOfLife, expiry.milliseconds - TokenRenewal.marginMilliseconds))
    }

    func isDue(at now: Timestamp) -> Bool { due.map { $0 <= now } ?? false }

    /// Lets the web page rest after a renewal, longer after each; the moment at which the token expires is not missed.
    mutating func pause(at now: Timestamp) {
        guard let due else { return }
        let seconds = min(TokenRenewal.longestPauseSeconds, TokenRenewal.firstPauseSeconds << Int64(min(pauses, 8)))
        pauses += 1
        var next = max(due, now.advanced(bySeconds: seconds))
        if let expiry, expiry > now { next = min(next, expiry) }
        self.due = next
    }
}

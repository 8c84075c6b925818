/// How often NSE may be asked, and how long it is left alone after it refused or failed.
///
/// Programs that live with the site hold one to three requests a second and stop for two minutes after five failures.
public struct RequestPace: Hashable, Sendable {
    /// The least time between the start of two requests.
    public var gap: Duration
    /// How many failures in a row open the circuit.
    public var failuresThatStop: Int
    /// How long to stay away after as many failures.
    public var pauseAfterFailures: Duration
    /// How long to stay away after 401 or 403 in spite of fresh cookies.
    public var pauseAfterRefusal: Duration
    /// How long to stay away after 429 without a Retry-After.
    public var pauseAfterTooMany: Duration

    /// A pace; careful, unless said otherwise.
    public init(
        gap: Duration = .seconds(1),
        failuresThatStop: Int = 5,
        pauseAfterFailures: Duration = .seconds(120),
        pauseAfterRefusal: Duration = .seconds(120),
        pauseAfterTooMany: Duration = .seconds(60)
    ) {
        self.gap = gap
        self.failuresThatStop = failuresThatStop
        self.pauseAfterFailures = pauseAfterFailures
        self.pauseAfterRefusal = pauseAfterRefusal
        self.pauseAfterTooMany = pauseAfterTooMany
    }
}

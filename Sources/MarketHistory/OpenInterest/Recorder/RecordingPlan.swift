public import MarketData

/// What a recorder is to take, and how often it may ask.
public struct RecordingPlan: Hashable, Sendable {
    /// The underlyings.
    public var symbols: [Symbol]
    /// How many expiries of each, nearest first.
    public var expiries: Int
    /// How far apart the source's figures move, in seconds.
    public var refresh: Int64
    /// How many requests a day may see; Trendlyne's firewall refuses after some 400.
    public var dailyRequests: Int
    /// Whether earlier moments of the session are asked for where snapshots are missing.
    public var fillsHoles: Bool

    /// A plan; the nearest expiry, each three minutes, unless said otherwise.
    public init(
        symbols: [Symbol], expiries: Int = 1, refresh: Int64 = 180, dailyRequests: Int = 380, fillsHoles: Bool = true
    ) {
        self.symbols = symbols
        self.expiries = expiries
        self.refresh = refresh
        self.dailyRequests = dailyRequests
        self.fillsHoles = fillsHoles
    }

    /// Two stamps farther apart than this, in seconds, have a hole between them: one and a half refreshes.
    public var largestStep: Int64 { refresh * 3 / 2 }
    /// How soon a source that repeated itself is asked again, in seconds; each further repeat waits as long again.
    var pauseAfterRepeat: Int64 { max(1, refresh / 9) }
    /// How long after the close the last stamp is waited for, in seconds.
    var closingGrace: Int64 { refresh * 2 }
}

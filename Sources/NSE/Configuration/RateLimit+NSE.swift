public import SourceHTTP

extension RateLimit {
    /// How NSE's site is asked. Programs that live with it hold one to three requests a second and stop for two minutes
    /// after five failures.
    public static let nse = RateLimit(
        gap: .seconds(1), failuresBeforeCooldown: 5, cooldownAfterFailure: .seconds(120),
        longestCooldown: .seconds(120), cooldownAfterRefusal: .seconds(120), cooldownAfterTooMany: .seconds(60)
    )
}

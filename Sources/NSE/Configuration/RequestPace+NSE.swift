public import SourceHTTP

extension RequestPace {
    /// How NSE's site is asked. Programs that live with it hold one to three requests a second and stop for two minutes
    /// after five failures.
    public static let nse = RequestPace(
        gap: .seconds(1), failuresThatStop: 5, pauseAfterFailure: .seconds(120),
        longestPauseAfterFailure: .seconds(120), pauseAfterRefusal: .seconds(120), pauseAfterTooMany: .seconds(60)
    )
}

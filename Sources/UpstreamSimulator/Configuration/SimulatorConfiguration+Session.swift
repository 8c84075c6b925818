import MarketData

extension SimulatorConfiguration {
    /// A session of open interest in the exchange's hours, as a source that can be trusted least plays it: the stamp
    /// moves every three minutes and lags, answers repeat between, every seventh answer is of another time than the one
    /// asked for (the echo says so), and for twenty minutes from 11:00 on everything is refused with 403, 405 and pages
    /// in turn. `SimulatedClock` shows how to use it; `outages` and `wrongTimeEvery` can be changed after.
    public static func openInterestSession(clock: SimulatedClock, seed: UInt64 = 1) -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration(scenario: .exchangeHours) { clock.now }
        configuration.seed = seed
        configuration.faults = [.trendlyneOutage, .trendlyneSomeWrongTimes]
        return configuration
    }
}

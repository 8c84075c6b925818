public import Logging
public import MarketData
public import MarketHistory
import MarketHub
public import MarketStore
import MockMarket

extension AppConfiguration {
    /// By whose sessions open interest is recorded.
    public var derivativesCalendar: TradingCalendar {
        useMockData && mockHours == .always ? .continuous() : .nse
    }

    /// How many requests a recorder may spend a day: the mock market counts none.
    public var recordingBudget: Int { useMockData ? 100_000 : RecordingPlan(symbols: []).dailyRequests }
}

extension Market {
    /// A recorder of open interest that asks this market's sources.
    /// - Parameter observe: Told of everything as it happens.
    public func recorder(
        _ plan: RecordingPlan, into store: SQLiteMarketStore, logger: Logger,
        observe: @escaping @Sendable (RecordingEvent) throws -> Void = { _ in }
    ) -> OpenInterestRecorder {
        OpenInterestRecorder(
            plan: plan, sources: hub.openInterestSources, store: store, calendar: configuration.derivativesCalendar,
            clock: .waiting(by: clock), logger: logger, observe: observe)
    }
}

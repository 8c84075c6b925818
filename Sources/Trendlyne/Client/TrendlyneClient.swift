public import AsyncHTTPClient
public import Logging
public import MarketData

/// Open interest of NSE options from Trendlyne.
public struct TrendlyneClient: OpenInterestProvider {
    /// A client that asks over `httpClient`, which stays its owner's to shut down.
    public init(
        configuration: TrendlyneConfiguration = TrendlyneConfiguration(),
        httpClient: HTTPClient,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp = TrendlyneClient.wallClock
    ) {
    }

    /// The time of this machine.
    public static let wallClock: @Sendable () -> Timestamp = { Timestamp(milliseconds: 0) }

    public func expiries(of symbol: Symbol) async throws -> ExpiryList {
        throw MarketDataError(.notSupported, "not built yet", source: .trendlyne)
    }

    public func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        throw MarketDataError(.notSupported, "not built yet", source: .trendlyne)
    }

    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        throw MarketDataError(.notSupported, "not built yet", source: .trendlyne)
    }
}

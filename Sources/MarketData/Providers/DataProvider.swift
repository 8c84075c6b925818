/// History of bars, history of open interest and a live feed: what the guide expects of one source, and what the hub
/// presents. No single upstream has all three, so each is a separate protocol.
public protocol DataProvider: BarHistoryProvider, OpenInterestProvider, LiveFeedProvider {}

/// A source of past bars.
public protocol BarHistoryProvider: Sendable {
    /// The requested bars, ascending; fewer only with `shortfall` saying why.
    /// - Throws: `MarketDataError`.
    func bars(_ request: BarRequest) async throws -> BarSeries
}

/// A source that reports events as they happen. Releasing a feed ends its subscription.
public protocol LiveFeedProvider: Sendable {
    /// The quotes of some instruments, beginning with the values of now.
    /// - Throws: `MarketDataError`.
    func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent>

    /// The bars of a series, beginning with a snapshot of as many as the request counts.
    /// - Throws: `MarketDataError`.
    func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent>
}

/// A source of open interest by strike.
public protocol OpenInterestProvider: Sendable {
    /// The option expiries of an underlying.
    /// - Throws: `MarketDataError`.
    func expiries(of symbol: Symbol) async throws -> ExpiryList

    /// Open interest of one expiry at one moment.
    /// - Throws: `MarketDataError`; `expiryNotListed` for an expiry that the source does not serve, `noDataForTime` for
    ///   a moment that it has no data for.
    func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot

    /// The snapshots that the source has of one expiry (`nil`: the nearest) within a range, in time order.
    /// - Throws: `MarketDataError`; `notSupported` where the source keeps no history.
    func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot]
}

/// A source whose history of open interest is the close of each trading day, and each day a separate request:
/// requests are sent only for the missing days.
public protocol ClosingOpenInterestProvider: OpenInterestProvider {
    /// The instrument of the values.
    var source: Provenance.Source { get }

    /// The closing snapshots of one expiry on some trading days, in time order. A day that is not there, or did not
    /// list the expiry, is left out.
    /// - Throws: `MarketDataError`; `tooLarge` for more days than one request may reach over, `noDataForTime` and
    ///   `expiryNotListed` where none of the days has anything.
    func closingOpenInterest(
        of symbol: Symbol, expiry: CalendarDate, on days: [CalendarDate]
    ) async throws -> [OpenInterestSnapshot]
}

/// A source that knows which expiries were listed at a past moment.
public protocol PastExpiryProvider: OpenInterestProvider {
    /// The option expiries of an underlying as they were listed at a moment.
    /// - Throws: `MarketDataError`; `noDataForTime` for a moment that it has no list of.
    func expiries(of symbol: Symbol, at moment: Timestamp) async throws -> ExpiryList
}

/// A source of option chains with prices, without which neither implied volatility nor greeks can be computed.
public protocol OptionChainProvider: Sendable {
    /// The chain of one expiry (`nil`: the nearest) as of now.
    /// - Throws: `MarketDataError`; `expiryNotListed` for an expiry that the source does not serve.
    func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> OptionChain
}

/// A source of price and open interest of single contracts through the session.
public protocol ContractHistoryProvider: Sendable {
    /// The intervals of the newest session, as far as they are over or under way.
    /// - Throws: `MarketDataError`; `expiryNotListed` for an expiry that the source does not serve, `noDataForTime`
    ///   where it has nothing of that contract.
    func contractHistory(_ request: ContractHistoryRequest) async throws -> ContractHistory
}

/// A source that knows its status without a request for data.
public protocol MonitoredSource: Sendable {
    /// How the source is doing now.
    func status() async -> SourceStatus
    /// Keeps a connection up from now on, so that the status is right without requests.
    func keepConnected() async
}

/// A source with a daily quota.
public protocol RequestBudget: Sendable {
    /// Which source.
    var source: Provenance.Source { get }
    /// How many requests may still be sent today; `nil` if none are counted.
    var requestsLeft: Int? { get }
}

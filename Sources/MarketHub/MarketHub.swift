public import Logging
public import MarketData
public import MarketHistory
public import ServiceLifecycle

/// The one place that requests data from the sources.
///
/// Sources are in order of preference. A request goes to the first and falls back to the next only if the first is
/// unavailable, too slow, or does not support it. Responses of two sources are never mixed, and nothing is invented.
/// Live subscriptions are shared: the first reader of an instrument opens it upstream, the last one closes it, and a
/// late one gets the newest values at once.
public final class MarketHub: DataProvider, SymbolSearchProvider {
    let history: SourceFailover<any BarHistoryProvider>
    /// The same through the store; `nil` without a store.
    let storedHistory: ResampledHistory?
    private let archive: BarArchive?
    let openInterest: SourceFailover<any OpenInterestProvider>
    /// Which values count as known at a past moment, with a store or without.
    let asOfRule: AsOfRule
    /// The same with a store; `nil` without one.
    let cachedOpenInterest: CachedOpenInterest?
    let optionChains: SourceFailover<any OptionChainProvider>
    let contractHistories: SourceFailover<any ContractHistoryProvider>
    let symbolSearch: SourceFailover<any SymbolSearchProvider>
    let ledger: SourceLedger
    let budgets: [any RequestBudget]
    /// What looks at the sources that know how they are doing, for as long as it runs; `nil` where there are none.
    public let monitor: SourceMonitor?
    let quotes: LiveQuotes
    let liveBars: LiveBars
    let clock: @Sendable () -> Timestamp

    /// A hub over lists of sources, each in order of preference.
    /// - Parameters:
    ///   - history: Sources of past bars.
    ///   - openInterest: Sources of expiries and open interest.
    ///   - optionChains: Sources of chains with prices.
    ///   - contractHistories: Sources of the session of single contracts.
    ///   - live: Sources of live quotes and bars.
    ///   - search: Sources of symbols.
    ///   - barCache: Where bars are stored and read; `nil` to store none.
    ///   - openInterestCache: Where open interest is stored and past snapshots are read; `nil` to store none.
    ///   - rule: Which values count as known at a past time.
    ///   - sources: Sources shown in the status before their first request.
    ///   - budgets: The sources with a request quota, for the status.
    ///   - monitored: The sources that report their state without a request for data.
    ///   - logger: Where failures of sources are noted.
    ///   - clock: The time.
    public init(
        history: [any BarHistoryProvider],
        openInterest: [any OpenInterestProvider],
        optionChains: [any OptionChainProvider] = [],
        contractHistories: [any ContractHistoryProvider] = [],
        live: [any LiveFeedProvider],
        search: [any SymbolSearchProvider],
        barCache: BarCache? = nil,
        openInterestCache: OpenInterestCache? = nil,
        asOf rule: AsOfRule = AsOfRule(),
        sources: [Provenance.Source] = [],
        budgets: [any RequestBudget] = [],
        monitored: [any MonitoredSource] = [],
        logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        let ledger = SourceLedger(sources: sources, clock: clock)
        let liveSources = SourceFailover(providers: live, subject: "live data", ledger: ledger, logger: logger)
        let historySources = SourceFailover(providers: history, subject: "past bars", ledger: ledger, logger: logger)
        self.history = historySources
        let archive = barCache.map { cache in
            let stored = StoredHistory(FailoverHistory(failover: historySources), cache: cache, clock: clock)
            return BarArchive(stored)
        }
        self.archive = archive
        self.storedHistory = archive?.bars
        let openInterestSources = SourceFailover(
            providers: openInterest, subject: "open interest", ledger: ledger, logger: logger)
        self.openInterest = openInterestSources
        self.asOfRule = rule
        self.cachedOpenInterest = openInterestCache.map {
            CachedOpenInterest(
                sources: OpenInterestSources(failover: openInterestSources), cache: $0, rule: rule, clock: clock)
        }
        self.optionChains = SourceFailover(
            providers: optionChains, subject: "option chains", ledger: ledger, logger: logger)
        self.contractHistories = SourceFailover(
            providers: contractHistories, subject: "the session of single contracts", ledger: ledger, logger: logger)
        self.symbolSearch = SourceFailover(providers: search, subject: "symbol search", ledger: ledger, logger: logger)
        self.quotes = LiveQuotes(sources: liveSources, ledger: ledger, clock: clock)
        self.liveBars = LiveBars(sources: liveSources, ledger: ledger, archive: archive, clock: clock)
        self.ledger = ledger
        let isMonitored = !monitored.isEmpty || !openInterest.isEmpty
        self.monitor =
            isMonitored
            ? SourceMonitor(
                sources: monitored, probe: { await openInterestSources.probe() }, ledger: ledger, pause: .seconds(1))
            : nil
        self.budgets = budgets
        self.clock = clock
    }

    /// What must run for as long as the hub is used: the archive of live bars, where bars are kept.
    public var services: [any Service] { archive.map { [$0] } ?? [] }

    /// The activity of the store; `nil` without a store.
    public var archiveReport: ArchiveReport? { archive?.report }

    /// The stored coverage of a series; `nil` without a store.
    /// - Throws: `MarketDataError` if reading the store fails.
    public func coverage(
        of request: BarRequest, over range: TimeRange?, onlyMissing: Bool
    ) async throws -> SeriesCoverage? {
        try await archive?.coverage(of: request, over: range, onlyMissing: onlyMissing)
    }

    /// The sources of open interest with failover, without the store.
    package var openInterestSources: any OpenInterestFailover { OpenInterestSources(failover: openInterest) }

    /// How each source is doing, in order of name.
    public var sources: [SourceReport] {
        ledger.reports.map { report in
            var report = report
            report.budgetLeft = budgets.first { $0.source == report.status.source }?.requestsLeft
            return report
        }
    }

    /// The live subscriptions that are open upstream, in order of symbol.
    public var subscriptions: [SubscriptionReport] {
        (quotes.reports + liveBars.reports).sorted { ($0.symbol, $0.channel) < ($1.symbol, $1.channel) }
    }
}

public import Logging
public import MarketData
public import MarketHistory
public import ServiceLifecycle

/// The one place that asks the sources.
///
/// Sources stand in order of trust. A question goes to the first of them and moves on to the next only where that one
/// cannot answer at all (it is down, too slow, or does not do such a thing): answers are never mixed, and nothing is
/// ever invented in place of an answer. Live subscriptions are shared: the first reader of an instrument asks upstream,
/// the last one leaving stops it, and a late one gets the newest figures at once.
public final class MarketHub: DataProvider, SymbolSearchProvider {
    let history: TrustOrder<any BarHistoryProvider>
    /// The same through the store; `nil` where nothing is kept.
    let storedHistory: ResampledHistory?
    private let archive: BarArchive?
    let openInterest: TrustOrder<any OpenInterestProvider>
    /// What may be said of a past moment, with a memory or without.
    let asOfRule: AsOfRule
    /// The same with a memory; `nil` where nothing is kept.
    let rememberedOpenInterest: RememberedOpenInterest?
    let optionChains: TrustOrder<any OptionChainProvider>
    let contractHistories: TrustOrder<any ContractHistoryProvider>
    let symbolSearch: TrustOrder<any SymbolSearchProvider>
    let ledger: SourceLedger
    let budgets: [any RequestBudget]
    /// What looks at the sources that know how they are doing, for as long as it runs; `nil` where there are none.
    public let monitor: SourceMonitor?
    let quotes: LiveQuotes
    let liveBars: LiveBars
    let clock: @Sendable () -> Timestamp

    /// A hub over lists of sources, each in order of trust.
    /// - Parameters:
    ///   - history: Who is asked for past bars.
    ///   - openInterest: Who is asked for expiries and open interest.
    ///   - optionChains: Who is asked for chains with prices.
    ///   - contractHistories: Who is asked for the session of single contracts.
    ///   - live: Who is asked for live quotes and bars.
    ///   - search: Who is asked for symbols.
    ///   - barMemory: Where bars are kept and answered from; `nil` to keep none.
    ///   - openInterestMemory: Where open interest is kept and past moments are answered from; `nil` to keep none.
    ///   - asOf: What may be said of a past moment.
    ///   - sources: Sources to be shown in the status from the beginning, before they are first asked.
    ///   - budgets: The sources that may be asked only so often, for the status.
    ///   - monitored: The sources that know how they are doing without being asked for data.
    ///   - logger: Where failures of sources are noted.
    ///   - clock: The time.
    public init(
        history: [any BarHistoryProvider],
        openInterest: [any OpenInterestProvider],
        optionChains: [any OptionChainProvider] = [],
        contractHistories: [any ContractHistoryProvider] = [],
        live: [any LiveFeedProvider],
        search: [any SymbolSearchProvider],
        barMemory: BarMemory? = nil,
        openInterestMemory: OpenInterestMemory? = nil,
        asOf rule: AsOfRule = AsOfRule(),
        sources: [Provenance.Source] = [],
        budgets: [any RequestBudget] = [],
        monitored: [any MonitoredSource] = [],
        logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        let ledger = SourceLedger(sources: sources, clock: clock)
        let liveOrder = TrustOrder(providers: live, subject: "live data", ledger: ledger, logger: logger)
        let historyOrder = TrustOrder(providers: history, subject: "past bars", ledger: ledger, logger: logger)
        self.history = historyOrder
        let archive = barMemory.map { memory in
            let stored = StoredHistory(TrustedHistory(order: historyOrder), memory: memory, clock: clock)
            return BarArchive(stored)
        }
        self.archive = archive
        self.storedHistory = archive?.bars
        let openInterestOrder = TrustOrder(
            providers: openInterest, subject: "open interest", ledger: ledger, logger: logger)
        self.openInterest = openInterestOrder
        self.asOfRule = rule
        self.rememberedOpenInterest = openInterestMemory.map {
            RememberedOpenInterest(
                sources: OpenInterestSources(order: openInterestOrder), memory: $0, rule: rule, clock: clock)
        }
        self.optionChains = TrustOrder(
            providers: optionChains, subject: "option chains", ledger: ledger, logger: logger)
        self.contractHistories = TrustOrder(
            providers: contractHistories, subject: "the session of single contracts", ledger: ledger, logger: logger)
        self.symbolSearch = TrustOrder(providers: search, subject: "symbol search", ledger: ledger, logger: logger)
        self.quotes = LiveQuotes(sources: liveOrder, ledger: ledger, clock: clock)
        self.liveBars = LiveBars(sources: liveOrder, ledger: ledger, archive: archive, clock: clock)
        self.ledger = ledger
        self.monitor = monitored.isEmpty ? nil : SourceMonitor(sources: monitored, ledger: ledger, pause: .seconds(1))
        self.budgets = budgets
        self.clock = clock
    }

    /// What must run for as long as the hub is used: the archive of live bars, where bars are kept.
    public var services: [any Service] { archive.map { [$0] } ?? [] }

    /// What the store is doing; `nil` where nothing is kept.
    public var archiveReport: ArchiveReport? { archive?.report }

    /// What is kept of a series; `nil` where nothing is kept.
    /// - Throws: `MarketDataError` where the store cannot be read.
    public func coverage(
        of request: BarRequest, over range: TimeRange?, onlyMissing: Bool
    ) async throws -> SeriesCoverage? {
        try await archive?.coverage(of: request, over: range, onlyMissing: onlyMissing)
    }

    /// The sources of open interest in order of trust, without what was kept of them.
    package var openInterestSources: any OpenInterestFailover { OpenInterestSources(order: openInterest) }

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

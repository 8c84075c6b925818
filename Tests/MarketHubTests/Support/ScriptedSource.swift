import MarketData
import Synchronization
import TestSupport

/// A source at the network's edge that sends what the test sets, and counts its requests.
final class ScriptedSource: BarHistoryProvider, OpenInterestProvider, LiveFeedProvider, SymbolSearchProvider {
    private struct State {
        var failure: MarketDataError?
        var requests = 0
        var quoteFeeds: [Int: (symbols: [Symbol], source: FeedSource<QuoteEvent>)] = [:]
        var barFeeds: [Int: (request: BarRequest, source: FeedSource<BarEvent>)] = [:]
        var feedsEver = 0
    }

    let source: Provenance.Source
    private let state: Mutex<State>

    init(_ source: Provenance.Source, failing failure: MarketDataError? = nil) {
        self.source = source
        state = Mutex(State(failure: failure))
    }

    /// The error of every request from now on; `nil` for none.
    func fail(with failure: MarketDataError?) { state.withLock { $0.failure = failure } }

    /// The number of requests.
    var requests: Int { state.withLock { $0.requests } }
    /// How many feeds of quotes are open.
    var openQuoteFeeds: Int { state.withLock { $0.quoteFeeds.count } }
    /// The requests of the open feeds of bars.
    var openBarFeeds: [BarRequest] { state.withLock { $0.barFeeds.values.map(\.request) } }
    /// How many feeds were ever opened.
    var feedsEver: Int { state.withLock { $0.feedsEver } }

    /// Says it on the feeds of the instrument it is about; a status on all.
    func say(_ event: QuoteEvent) {
        let feeds = state.withLock { state in
            state.quoteFeeds.values.filter { feed in
                switch event {
                case .quote(let quote): feed.symbols.contains(quote.symbol)
                case .refused(let symbol, _): feed.symbols.contains(symbol)
                case .status: true
                }
            }
        }
        for feed in feeds { feed.source.send(event) }
    }

    func say(_ event: BarEvent) {
        for feed in state.withLock({ Array($0.barFeeds.values) }) { feed.source.send(event) }
    }

    /// Ends every feed.
    func hangUp(_ error: MarketDataError?) {
        let (quotes, bars) = state.withLock { state in
            defer { (state.quoteFeeds, state.barFeeds) = ([:], [:]) }
            return (Array(state.quoteFeeds.values), Array(state.barFeeds.values))
        }
        for feed in quotes { feed.source.finish(throwing: error) }
        for feed in bars { feed.source.finish(throwing: error) }
    }

    func bars(_ request: BarRequest) async throws -> BarSeries {
        try countRequest()
        return BarSeries(request: request, bars: [], provenance: .of(source))
    }

    func expiries(of symbol: Symbol) async throws -> ExpiryList {
        try countRequest()
        return ExpiryList(symbol: symbol, expiries: [], standard: nil, provenance: .of(source))
    }

    func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        try countRequest()
        return OpenInterestSnapshot(
            symbol: request.symbol, expiry: CalendarDate(daysSinceEpoch: 20_000), unit: .shares, lotSize: nil,
            spot: nil, strikes: [], listedStrikes: nil, provenance: .of(source))
    }

    func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        try countRequest()
        return []
    }

    func search(_ query: SymbolQuery) async throws -> [Instrument] {
        try countRequest()
        return []
    }

    func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        try countRequest()
        let (feed, source) = Feed.ofQuotes()
        let id = state.withLock { state in
            state.feedsEver += 1
            state.quoteFeeds[state.feedsEver] = (symbols, source)
            return state.feedsEver
        }
        source.onAbandoned { [weak self] in self?.state.withLock { $0.quoteFeeds[id] = nil } }
        return feed
    }

    func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        try countRequest()
        let (feed, source) = Feed.ofBars()
        let id = state.withLock { state in
            state.feedsEver += 1
            state.barFeeds[state.feedsEver] = (request, source)
            return state.feedsEver
        }
        source.onAbandoned { [weak self] in self?.state.withLock { $0.barFeeds[id] = nil } }
        return feed
    }

    private func countRequest() throws {
        let failure = state.withLock { state in
            state.requests += 1
            return state.failure
        }
        if let failure { throw failure }
    }
}

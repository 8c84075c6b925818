import MarketData
import Synchronization
import TestSupport

/// A source that sends what the test sets, and counts its feeds.
final class FloodingSource: LiveFeedProvider {
    private struct State {
        var quotes: [Int: (symbols: [Symbol], source: FeedSource<QuoteEvent>)] = [:]
        var bars: [Int: FeedSource<BarEvent>] = [:]
        var feedsEver = 0
    }

    private let state = Mutex(State())

    /// How many feeds are open.
    var openFeeds: Int { state.withLock { $0.quotes.count + $0.bars.count } }
    /// How many were ever opened.
    var feedsEver: Int { state.withLock { $0.feedsEver } }

    func say(_ quote: Quote) {
        let feeds = state.withLock { $0.quotes.values.filter { $0.symbols.contains(quote.symbol) } }
        for feed in feeds { feed.source.send(.quote(quote)) }
    }

    func say(_ event: BarEvent) {
        for source in state.withLock({ Array($0.bars.values) }) { source.send(event) }
    }

    func say(_ status: SourceStatus) {
        for feed in state.withLock({ Array($0.quotes.values) }) { feed.source.send(.status(status)) }
    }

    func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        let (feed, source) = Feed.ofQuotes()
        let id = state.withLock { state in
            state.feedsEver += 1
            state.quotes[state.feedsEver] = (symbols, source)
            return state.feedsEver
        }
        source.onAbandoned { [weak self] in self?.state.withLock { $0.quotes[id] = nil } }
        return feed
    }

    func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        let (feed, source) = Feed.ofBars()
        let id = state.withLock { state in
            state.feedsEver += 1
            state.bars[state.feedsEver] = source
            return state.feedsEver
        }
        source.onAbandoned { [weak self] in self?.state.withLock { $0.bars[id] = nil } }
        source.send(.snapshot(BarSeries(request: request, bars: [.at(1)], provenance: .streaming)))
        return feed
    }
}

extension Provenance {
    static let streaming = Provenance(
        source: .tradingview, feed: nil, mode: .streaming, delaySeconds: 0, asOf: Timestamp(seconds: 1000))
}

extension Bar {
    static func at(_ minute: Int, close: Double = 1, final: Bool = true) -> Bar {
        Bar(
            time: Timestamp(seconds: Int64(minute) * 60), open: 1, high: 1, low: 1, close: close, volume: nil,
            isFinal: final)
    }
}

extension Quote {
    static func of(_ symbol: Symbol, last: Double?, bid: Double? = nil) -> Quote {
        var quote = Quote(symbol: symbol, provenance: .streaming)
        quote.last = last
        quote.bid = bid
        quote.lastTime = Timestamp(seconds: 1000)
        return quote
    }
}

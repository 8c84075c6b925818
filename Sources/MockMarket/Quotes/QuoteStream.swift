import MarketData

/// Which quotes of a subscription have changed since they were last told.
struct QuoteStream: LiveStream {
    private let market: MockMarket
    private(set) var symbols: [Symbol] = []
    private var told: [Symbol: Quote] = [:]

    init(market: MockMarket) { self.market = market }

    /// The first quote of every symbol, or why it has none.
    mutating func begin(_ wanted: [Symbol], at moment: Timestamp) -> [QuoteEvent] {
        var events: [QuoteEvent] = []
        for symbol in wanted where told[symbol] == nil {
            do throws(MarketDataError) {
                let quote = try market.quote(of: symbol, at: moment)
                told[symbol] = quote
                symbols.append(symbol)
                events.append(.quote(quote))
            } catch {
                events.append(.refused(symbol, error))
            }
        }
        return events
    }

    /// The quotes whose figures differ from those told last.
    mutating func changes(at moment: Timestamp) -> [QuoteEvent] {
        var events: [QuoteEvent] = []
        for symbol in symbols {
            guard let quote = try? market.quote(of: symbol, at: moment), var before = told[symbol] else { continue }
            before.provenance = quote.provenance
            guard quote != before else { continue }
            told[symbol] = quote
            events.append(.quote(quote))
        }
        return events
    }
}

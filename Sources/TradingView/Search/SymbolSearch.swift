import Foundation
import MarketData

/// Asks TradingView's symbol search, version 3, page by page.
struct SymbolSearch {
    let searchURL: String
    let origin: String
    var reader: WebReader

    private static let mostPages = 20

    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    func instruments(_ query: SymbolQuery) async throws -> [Instrument] {
        guard query.limit > 0 else { throw MarketDataError.badRequest("the limit of a search must be at least 1") }
        var found: [Instrument] = []
        var seen: Set<Symbol> = []
        var start = 0
        for _ in 0..<SymbolSearch.mostPages {
            let page = try await page(query, start: start)
            for instrument in page.symbols.flatMap(\.instruments) where query.accepts(instrument) {
                if seen.insert(instrument.symbol).inserted { found.append(instrument) }
            }
            start += page.symbols.count
            let isLast = page.symbols.isEmpty || (page.remaining ?? 0) <= 0
            if found.count >= query.limit || isLast { break }
        }
        return Array(found.prefix(query.limit))
    }

    private func page(_ query: SymbolQuery, start: Int) async throws -> SearchAnswer {
        let answer = try await reader.get(
            try address(query, start: start), headers: [("Origin", origin), ("Referer", origin + "/")])
        try SymbolSearch.check(answer)
        do {
            return try JSONDecoder().decode(SearchAnswer.self, from: Data(answer.body))
        } catch {
            throw MarketDataError(
                .upstreamUnreadable, "TradingView's symbol search sent what is not its JSON", source: .tradingview)
        }
    }

    private func address(_ query: SymbolQuery, start: Int) throws -> URL {
        guard var parts = URLComponents(string: searchURL) else {
            throw MarketDataError.badRequest("the search address '\(searchURL)' is no address")
        }
        parts.path = "/symbol_search/v3/"
        parts.queryItems = [
            URLQueryItem(name: "text", value: query.text),
            URLQueryItem(name: "hl", value: "0"),
            URLQueryItem(name: "exchange", value: query.exchange ?? ""),
            URLQueryItem(name: "lang", value: "en"),
            URLQueryItem(name: "search_type", value: SymbolSearch.searchType(query.type)),
            URLQueryItem(name: "start", value: String(start)),
            URLQueryItem(name: "domain", value: "production"),
        ]
        // A plus sign means a space in a query; the components leave it as it stands.
        parts.percentEncodedQuery = parts.percentEncodedQuery?.replacing("+", with: "%2B")
        guard let address = parts.url else {
            throw MarketDataError.badRequest("the search address '\(searchURL)' is no address")
        }
        return address
    }

    private static func check(_ answer: WebAnswer) throws {
        switch answer.status {
        case 200:
            if answer.isPage {
                throw MarketDataError(
                    .upstreamUnreadable, "TradingView's symbol search sent a web page in place of JSON",
                    source: .tradingview)
            }
        case 403:
            throw MarketDataError(
                .upstreamUnavailable,
                "TradingView's symbol search refuses this address (403), as it does for many data centres; "
                    + "write the symbol with its exchange instead",
                source: .tradingview, recovery: .giveUp)
        case 429:
            throw MarketDataError(
                .throttled, "TradingView's symbol search asks us to wait", source: .tradingview,
                recovery: .retry(afterSeconds: answer.retryAfter ?? 60))
        default:
            throw MarketDataError(
                .upstreamUnavailable, "TradingView's symbol search answered with status \(answer.status)",
                source: .tradingview)
        }
    }

    /// The search's plural word for a kind of instrument; `undefined` is its word for any.
    static func searchType(_ type: String?) -> String {
        switch type?.lowercased() {
        case nil, "": "undefined"
        case "stock", "stocks": "stocks"
        case "fund", "funds": "funds"
        case "option", "options": "options"
        case "future", "futures": "futures"
        case "index", "indices": "index"
        case "bond", "bonds": "bond"
        case let type?: type
        }
    }
}

extension SymbolQuery {
    /// Whether an instrument has the kind and the exchange that were asked for, whatever the server made of them.
    func accepts(_ instrument: Instrument) -> Bool {
        if let exchange, !exchange.isEmpty, instrument.symbol.exchange != exchange.uppercased() { return false }
        guard let type, !type.isEmpty, let kind = instrument.type else { return true }
        return SymbolSearch.searchType(type) == SymbolSearch.searchType(kind)
    }
}

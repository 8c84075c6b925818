import Foundation
import Logging
import MarketData
import SourceHTTP

/// Searches instruments: TradingView's symbol search, version 3, page by page; its scanner where that refuses us.
struct SymbolSearch {
    let searchURL: String
    let origin: String
    var reader: WebConnection
    private let scanner: ScannerSearch
    private let recent: SharedSearchCache
    private let clock: UpstreamClock
    private let logger: Logger

    private static let mostPages = 20

    init(configuration: TradingViewConfiguration, reader: WebConnection, clock: UpstreamClock, logger: Logger) {
        searchURL = configuration.searchURL
        origin = configuration.origin
        self.reader = reader
        self.clock = clock
        self.logger = logger
        scanner = ScannerSearch(scannerURL: configuration.scannerURL, origin: configuration.origin)
        recent = SharedSearchCache()
    }

    /// The instruments that match, best first; recent results come from the cache.
    /// - Throws: `MarketDataError`.
    func instruments(_ query: SymbolQuery) async throws -> [Instrument] { try await matches(query).instruments }

    /// The same, with a note where the scanner replaced the search.
    /// - Throws: `MarketDataError`.
    func matches(_ query: SymbolQuery) async throws -> SymbolMatches {
        guard query.limit > 0 else { throw MarketDataError.badRequest("the limit of a search must be at least 1") }
        if let known = recent.matches(query, at: clock.uptime) { return known }
        let found = try await searched(query)
        recent.keep(found, of: query, at: clock.uptime)
        return found
    }

    private func searched(_ query: SymbolQuery) async throws -> SymbolMatches {
        do {
            return SymbolMatches(try await turnedPages(query), source: .tradingview)
        } catch let refusal as MarketDataError where SymbolSearch.isWorthTheScanner(refusal) {
            do {
                let found = try await scanner.instruments(query, reader: reader)
                logger.info(
                    "TradingView's scanner is searched in place of its symbol search",
                    metadata: ["reason": "\(refusal.message)"])
                return SymbolMatches(
                    found, source: .tradingview,
                    note: "found by TradingView's scanner, which knows fewer instruments: \(refusal.message)")
            } catch let second as MarketDataError {
                throw MarketDataError(
                    refusal.code, "\(refusal.message); and in its place: \(second.message)", source: .tradingview,
                    recovery: refusal.recovery)
            }
        }
    }

    /// Whether the search rejected us or returned invalid data; not for a site that is down or rate limits us.
    private static func isWorthTheScanner(_ error: MarketDataError) -> Bool {
        error.code == .upstreamUnreadable || error.code == .upstreamUnavailable && error.recovery == .giveUp
    }

    private func turnedPages(_ query: SymbolQuery) async throws -> [Instrument] {
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

    private func page(_ query: SymbolQuery, start: Int) async throws -> SearchResponse {
        let response = try await reader.get(
            try address(query, start: start), headers: [("Origin", origin), ("Referer", origin + "/")])
        try SymbolSearch.check(response)
        guard let page = SearchResponse(response.body) else {
            throw MarketDataError(
                .upstreamUnreadable, "TradingView's symbol search returned invalid JSON", source: .tradingview)
        }
        return page
    }

    private func address(_ query: SymbolQuery, start: Int) throws -> URL {
        guard var parts = URLComponents(string: searchURL) else {
            throw MarketDataError.badRequest("the search address '\(searchURL)' is not an address")
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
        // A plus sign means a space in a query; the components do not encode it.
        parts.percentEncodedQuery = parts.percentEncodedQuery?.replacing("+", with: "%2B")
        guard let address = parts.url else {
            throw MarketDataError.badRequest("the search address '\(searchURL)' is not an address")
        }
        return address
    }

    private static func check(_ response: SourceResponse) throws {
        switch response.status {
        case 200:
            if response.isPage {
                throw MarketDataError(
                    .upstreamUnreadable, "TradingView's symbol search returned a web page, not JSON",
                    source: .tradingview)
            }
        case 403:
            throw MarketDataError(
                .upstreamUnavailable,
                "TradingView's symbol search rejected this address (403), as it does for many data centres; "
                    + "write the symbol with its exchange instead",
                source: .tradingview, recovery: .giveUp)
        case 429:
            throw MarketDataError(
                .throttled, "TradingView's symbol search is rate limited", source: .tradingview,
                recovery: .retry(afterSeconds: response.retryAfterSeconds ?? 60))
        default:
            throw MarketDataError(
                .upstreamUnavailable, "TradingView's symbol search returned status \(response.status)",
                source: .tradingview, recovery: response.retryAfterSeconds.map { .retry(afterSeconds: $0) })
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
    /// Whether an instrument has the kind and the exchange of the query.
    func accepts(_ instrument: Instrument) -> Bool {
        if let exchange, !exchange.isEmpty, instrument.symbol.exchange != exchange.uppercased() { return false }
        guard let type, !type.isEmpty, let kind = instrument.type else { return true }
        return SymbolSearch.searchType(type) == SymbolSearch.searchType(kind)
    }
}

/// Searches by TradingView's scanner, `POST /global/scan`, which serves addresses that the symbol search rejects.
///
/// It filters and does not rank, so its results are matched against the text once more and
/// put in order here.
struct ScannerSearch: Sendable {
    let scannerURL: String
    let origin: String

    private static let pageLength = 150
    private static let mostPages = 10

    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    func instruments(_ query: SymbolQuery, reader: WebConnection) async throws -> [Instrument] {
        guard let address = URL(string: scannerURL.trimmingSlashes + "/global/scan") else {
            throw MarketDataError.badRequest("the scanner's address '\(scannerURL)' is not an address")
        }
        let ranking = SearchRanking(query)
        var found: [Symbol: Instrument] = [:]
        for page in 0..<ScannerSearch.mostPages {
            let start = page * ScannerSearch.pageLength
            let response = try await reader.post(
                address, headers: [("Origin", origin), ("Referer", origin + "/")],
                json: try ScannerSearch.body(query, ticker: ranking.ticker, start: start))
            let scan = try ScannerSearch.scan(in: response)
            for instrument in scan.rows.compactMap(\.instrument) where query.accepts(instrument) {
                if ranking.rank(instrument) != nil { found[instrument.symbol] = instrument }
            }
            let read = start + scan.rows.count
            if scan.rows.isEmpty || read >= scan.total ?? 0 || found.count >= query.limit { break }
        }
        return Array(ranking.sorted(found.values).prefix(query.limit))
    }

    private struct Body: Encodable {
        struct Filter: Encodable {
            let left: String
            let operation: String
            let right: String
        }

        struct Sort: Encodable {
            var sortBy = "name"
            var sortOrder = "asc"
        }

        let columns: [String]
        let filter: [Filter]
        let range: [Int]
        var sort = Sort()
        var options = ["lang": "en"]
    }

    private static func body(_ query: SymbolQuery, ticker: String, start: Int) throws -> Data {
        var filters: [Body.Filter] = []
        if !ticker.isEmpty {
            filters.append(Body.Filter(left: "name,description", operation: "match", right: ticker))
        }
        if let type = query.type, !type.isEmpty {
            filters.append(Body.Filter(left: "type", operation: "equal", right: scannerType(type)))
        }
        if let exchange = query.exchange, !exchange.isEmpty {
            filters.append(Body.Filter(left: "exchange", operation: "equal", right: exchange.uppercased()))
        }
        let range = [start, start + pageLength]
        return try JSONEncoder().encode(Body(columns: ScannerResponse.columns, filter: filters, range: range))
    }

    /// The scanner's singular word for a kind of instrument.
    static func scannerType(_ type: String) -> String {
        let plural = SymbolSearch.searchType(type)
        return ["stocks": "stock", "funds": "fund", "options": "option"][plural] ?? plural
    }

    private static func scan(in response: SourceResponse) throws -> ScannerResponse {
        switch response.status {
        case 200 where !response.isPage: break
        case 429:
            throw MarketDataError(
                .throttled, "TradingView's scanner is rate limited", source: .tradingview,
                recovery: .retry(afterSeconds: response.retryAfterSeconds ?? 60))
        default:
            let what = response.isPage ? "a web page, status" : "status"
            throw MarketDataError(
                .upstreamUnavailable, "TradingView's scanner returned \(what) \(response.status)",
                source: .tradingview)
        }
        guard let scan = ScannerResponse(response.body) else {
            throw MarketDataError(
                .upstreamUnreadable, "TradingView's scanner returned invalid JSON", source: .tradingview)
        }
        return scan
    }
}

/// How well instruments match the text of a search, where the source does not rank.
struct SearchRanking {
    /// The text without an exchange before it.
    let ticker: String
    private let exchange: String?
    private let words: [String]

    init(_ query: SymbolQuery) {
        let parts = query.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let text = String(parts.last ?? "").uppercased()
        exchange = parts.count == 2 && !parts[0].isEmpty ? parts[0].uppercased() : nil
        words = text.split(separator: " ").map(String.init)
        ticker = words.joined(separator: " ")
    }

    /// The smaller the better; `nil` where the instrument does not match.
    func rank(_ instrument: Instrument) -> Int? {
        let ours = instrument.symbol
        let name = ours.ticker.uppercased()
        if let exchange, ours.exchange.uppercased() != exchange { return nil }
        if name == ticker { return 0 }
        if name.hasPrefix(ticker) { return 1 }
        if name.contains(ticker) { return 2 }
        let description = (instrument.description ?? "").uppercased()
        if description.hasPrefix(ticker) { return 3 }
        return words.allSatisfy { description.contains($0) || name.contains($0) } ? 4 : nil
    }

    /// The instruments that match, best first; equals by name.
    func sorted(_ instruments: some Sequence<Instrument>) -> [Instrument] {
        let ranked = instruments.compactMap { instrument in rank(instrument).map { (instrument, $0) } }
        return ranked.sorted { first, second in
            (first.1, first.0.symbol.ticker.count, first.0.symbol.description)
                < (second.1, second.0.symbol.ticker.count, second.0.symbol.description)
        }.map(\.0)
    }
}

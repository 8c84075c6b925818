import Foundation
import MarketData
import SourceHTTP

/// Searches by TradingView's scanner, `POST /global/scan`, which answers addresses that the symbol search refuses.
///
/// It is no search: it filters, and knows no order of likeness, so what it gives is held against the text once more and
/// put in order here.
struct ScannerSearch: Sendable {
    let scannerURL: String
    let origin: String

    private static let pageLength = 150
    private static let mostPages = 10

    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    func instruments(_ query: SymbolQuery, reader: WebReader) async throws -> [Instrument] {
        guard let address = URL(string: scannerURL.trimmingSlashes + "/global/scan") else {
            throw MarketDataError.badRequest("the scanner's address '\(scannerURL)' is no address")
        }
        let ranking = SearchRanking(query)
        var found: [Symbol: Instrument] = [:]
        for page in 0..<ScannerSearch.mostPages {
            let start = page * ScannerSearch.pageLength
            let answer = try await reader.post(
                address, headers: [("Origin", origin), ("Referer", origin + "/")],
                json: try ScannerSearch.body(query, ticker: ranking.ticker, start: start))
            let scan = try ScannerSearch.scan(in: answer)
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
        return try JSONEncoder().encode(Body(columns: ScannerAnswer.columns, filter: filters, range: range))
    }

    /// The scanner's singular word for a kind of instrument.
    static func scannerType(_ type: String) -> String {
        let plural = SymbolSearch.searchType(type)
        return ["stocks": "stock", "funds": "fund", "options": "option"][plural] ?? plural
    }

    private static func scan(in answer: SourceResponse) throws -> ScannerAnswer {
        switch answer.status {
        case 200 where !answer.isPage: break
        case 429:
            throw MarketDataError(
                .throttled, "TradingView's scanner asks us to wait", source: .tradingview,
                recovery: .retry(afterSeconds: answer.retryAfterSeconds ?? 60))
        default:
            let what = answer.isPage ? "a web page, status" : "status"
            throw MarketDataError(
                .upstreamUnavailable, "TradingView's scanner answered with \(what) \(answer.status)",
                source: .tradingview)
        }
        guard let scan = ScannerAnswer(answer.body) else {
            throw MarketDataError(
                .upstreamUnreadable, "TradingView's scanner sent what is not its JSON", source: .tradingview)
        }
        return scan
    }
}

import MarketData
import SourceHTTP

/// A query of the site, as the path and query of a GET.
struct Endpoint: Hashable, Sendable {
    /// From the root of the site.
    let path: String
    /// Already escaped.
    let query: String

    private init(_ path: String, _ query: [(name: String, value: String)]) {
        self.path = path
        self.query = PercentEncoding.pairs(query, keeping: "=")
    }

    /// The page whose script fetches chains, and which sets the cookies.
    static let page = Endpoint("/option-chain", [])

    /// Expiries and strikes, newest generation.
    static func dropdown(code: String) -> Endpoint {
        Endpoint(quoteAPI, [("functionName", "getOptionChainDropdown"), ("symbol", code)])
    }

    /// The same, one generation older.
    static func contractInfo(code: String) -> Endpoint {
        Endpoint("/api/option-chain-contract-info", [("symbol", code)])
    }

    /// The chain of one expiry; the legacy address takes none and returns all.
    static func chain(_ generation: ChainGeneration, code: String, expiry: CalendarDate) -> Endpoint {
        let isIndex = Underlying.isIndex(code)
        let date = SourceDate.text(expiry)
        return switch generation {
        case .nextAPI:
            // The text is itself a query, whose `=` the site's script does not escape.
            Endpoint(
                quoteAPI,
                [("functionName", "getOptionChainData"), ("symbol", code), ("params", "expiryDate=\(date)")]
            )
        case .versionThree:
            Endpoint(
                "/api/option-chain-v3",
                [("type", isIndex ? "Indices" : "Equity"), ("symbol", code), ("expiry", date)]
            )
        case .legacy:
            Endpoint(isIndex ? "/api/option-chain-indices" : "/api/option-chain-equities", [("symbol", code)])
        }
    }

    /// The whole address below a base such as `https://host`.
    func url(below base: String) -> String {
        let trimmed = base.hasSuffix("/") ? String(base.dropLast()) : base
        return trimmed + path + (query.isEmpty ? "" : "?\(query)")
    }

    private static let quoteAPI = "/api/NextApi/apiClient/GetQuoteApi"
}

/// One query for the current chain.
struct ChainRequest: Hashable, Sendable {
    let symbol: Symbol
    /// The code under which the site knows the underlying.
    let code: String
    let expiry: CalendarDate

    /// How far the requested moment may be from now and still mean now, in seconds.
    static let nowTolerance: Int64 = 60

    /// The requested moment if it is past; `nil` if it is now.
    /// - Throws: `MarketDataError` `noDataForTime` for a moment in the future.
    static func pastMoment(_ at: Timestamp?, now: Timestamp) throws(MarketDataError) -> Timestamp? {
        guard let at else { return nil }
        if at > now.advanced(bySeconds: nowTolerance) {
            throw MarketDataError.inFuture(at, now: now, source: .nse)
        }
        return at < now.advanced(bySeconds: -nowTolerance) ? at : nil
    }
}

/// What NSE's site knows a symbol by.
struct Underlying: Hashable, Sendable {
    let symbol: Symbol
    /// The spellings under which the code may be listed; the first is the likeliest.
    let codes: [String]

    /// The underlying of a symbol.
    /// - Throws: `MarketDataError` `notSupported` for what has no options at NSE, with the reason.
    init(_ symbol: Symbol) throws(MarketDataError) {
        if let reason = Underlying.reasonAgainst(symbol) {
            throw MarketDataError(.notSupported, "NSE has no open interest of \(symbol): \(reason)", source: .nse)
        }
        self.symbol = symbol
        codes = Underlying.spellings(of: symbol.ticker)
    }

    /// Whether a code is that of an index: the older generations keep indices and shares apart.
    static func isIndex(_ code: String) -> Bool { indices.contains(code) }

    private static let indices: Set<String> = ["NIFTY", "BANKNIFTY", "FINNIFTY", "MIDCPNIFTY", "NIFTYNXT50"]
    private static let withoutOptions: Set<String> = ["INDIAVIX", "GIFTNIFTY", "NIFTYGS10YR"]

    private static func reasonAgainst(_ symbol: Symbol) -> String? {
        guard symbol.exchange == "NSE" else { return "it is not traded there" }
        if symbol.ticker.contains("!") { return "this is a future; use its underlying" }
        if withoutOptions.contains(symbol.ticker) { return "no options are traded on it" }
        return nil
    }

    /// Symbols of charts cannot hold `&` and `-` and have `_` instead: `M_M` is M&M, `BAJAJ_AUTO` is BAJAJ-AUTO.
    private static func spellings(of ticker: String) -> [String] {
        guard ticker.contains("_") else { return [ticker] }
        return ["&", "-"].map { mark in ticker.split(separator: "_").joined(separator: mark) }
    }
}

import MarketData
import SourceHTTP

/// A question of the site, as the path and query of a GET.
struct Endpoint: Hashable, Sendable {
    /// From the root of the site.
    let path: String
    /// Already escaped.
    let query: String

    private init(_ path: String, _ query: [(name: String, value: String)]) {
        self.path = path
        self.query = PercentEncoding.pairs(query, keeping: "=")
    }

    /// The page whose script asks for chains, and which gives the cookies.
    static let page = Endpoint("/option-chain", [])

    /// Expiries and strikes, newest generation.
    static func dropdown(code: String) -> Endpoint {
        Endpoint(quoteAPI, [("functionName", "getOptionChainDropdown"), ("symbol", code)])
    }

    /// The same, one generation older.
    static func contractInfo(code: String) -> Endpoint {
        Endpoint("/api/option-chain-contract-info", [("symbol", code)])
    }

    /// The chain of one expiry; the legacy address takes none and answers with all.
    static func chain(_ generation: ChainGeneration, code: String, expiry: CalendarDate) -> Endpoint {
        let isIndex = Underlying.isIndex(code)
        let date = SourceDate.text(expiry)
        return switch generation {
        case .nextAPI:
            // The text is a query of its own, whose `=` the site's script leaves as it is.
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

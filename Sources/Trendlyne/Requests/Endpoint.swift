import MarketData
import SourceHTTP

/// A query of the site, as the path and query of a GET.
struct Endpoint: Hashable, Sendable {
    /// Below `/phoenix/api/`, with its closing slash: without it the site redirects.
    let path: String
    let query: [(name: String, value: String)]

    private init(_ path: String, _ query: [(name: String, value: String)]) {
        self.path = path
        // Without it, the site's framework may wrap the JSON in a page for browsers.
        self.query = query + [("format", "json")]
    }

    /// Underlyings by part of their code or name.
    static func stockSearch(_ text: String) -> Endpoint {
        Endpoint("search-contract-stock/", [("query", text.lowercased())])
    }

    /// The expiries of an underlying's options or futures.
    static func expiryDates(stock: Int, _ market: ContractMarket) -> Endpoint {
        Endpoint("fno/get-expiry-dates/", [("mtype", market.rawValue), ("stock_id", String(stock))])
    }

    /// The same from another corner of the site, which calls the stock's number by another name.
    static func contractSearchExpiryDates(stock: Int) -> Endpoint {
        Endpoint("search-contract-expiry-dates/", [("stock_pk", String(stock))])
    }

    /// Open interest of one expiry from the session's opening to a minute, in India's time.
    static func liveOpenInterest(stock: Int, _ query: SnapshotRequest) -> Endpoint {
        let range = query.strikes.map { strikes in
            [("minStrikePrice", strikes.from.description), ("maxStrikePrice", strikes.to.description)]
        }
        return Endpoint(
            "live-oi-data/",
            [
                ("stockId", String(stock)), ("expDateList", query.expiry.description),
                ("minTime", query.minTime.description), ("maxTime", query.maxTime.description),
            ] + (range ?? [])
        )
    }

    /// The chain of one expiry with prices and greeks; it wants the exchange's code and no number.
    static func optionChain(code: String, expiry: CalendarDate) -> Endpoint {
        Endpoint("fno/option/chain/", [("stockCode", code), ("expDate", expiry.description)])
    }

    /// The session's intervals of one contract.
    static func buildUp(minutes: Int, _ contract: DerivativeContract, rank: ExpiryRank, code: String) -> Endpoint {
        let path = "fno/buildup-\(minutes)/\(rank.path(contract.expiry))/\(PercentEncoding.encode(code, keeping: ":"))/"
        switch contract.kind {
        case .future: return Endpoint(path, [("fno_mtype", "futures")])
        case .option(let strike, let type):
            return Endpoint(
                path,
                [
                    ("fno_mtype", "options"), ("strikePrice", strike.description), ("option_type", type.rawValue),
                ]
            )
        }
    }

    /// The whole address below a base such as `https://host`.
    func url(below base: String) -> String {
        let trimmed = base.hasSuffix("/") ? String(base.dropLast()) : base
        return "\(trimmed)/phoenix/api/\(path)?\(PercentEncoding.pairs(query, keeping: ":"))"
    }

    static func == (left: Endpoint, right: Endpoint) -> Bool { left.url(below: "") == right.url(below: "") }

    func hash(into hasher: inout Hasher) { hasher.combine(url(below: "")) }
}

/// The two kinds of contracts that the site keeps apart, by the word for each in its addresses.
enum ContractMarket: String, Hashable, Sendable {
    case options, futures
}

/// How the paths of single contracts name an expiry: by date and by rank among those listed.
enum ExpiryRank: String {
    case near, next, far

    /// The rank of an expiry in a list, nearest first: the third and every later one is far. `nil` for one that is not
    /// listed.
    init?(_ expiry: CalendarDate, in listed: [CalendarDate]) {
        guard let place = listed.firstIndex(of: expiry) else { return nil }
        switch place {
        case 0: self = .near
        case 1: self = .next
        default: self = .far
        }
    }

    /// `27-jan-2026-near`, the day with two digits.
    func path(_ expiry: CalendarDate) -> String {
        let (year, month, day) = expiry.parts
        return "\(day < 10 ? "0" : "")\(day)-\(ExpiryRank.months[month - 1])-\(year)-\(rawValue)"
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
}

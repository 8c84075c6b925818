import JSON
import MarketData
import SourceHTTP

/// The three generations of the site's addresses for option chains, the newest first.
enum ChainGeneration: CaseIterable, Hashable, Sendable {
    /// `NextApi/apiClient/GetQuoteApi`, 2026.
    case nextAPI
    /// `option-chain-v3`, since the end of 2025; works with an expiry only and declines often.
    case versionThree
    /// `option-chain-indices` and `option-chain-equities`; returns 404 in 2026.
    case legacy

    /// The address, as the provenance's feed names it.
    var name: String {
        switch self {
        case .nextAPI: "NextApi getOptionChainData"
        case .versionThree: "option-chain-v3"
        case .legacy: "option-chain"
        }
    }

    /// Reads a response of this generation.
    func chain(in response: JSONFields, code: String, expiry: CalendarDate) throws(ChainFault) -> SiteChain {
        switch self {
        case .nextAPI: try NextAPIChain.read(response, code: code, expiry: expiry)
        case .versionThree: try VersionThreeChain.read(response, code: code, expiry: expiry)
        case .legacy: try LegacyChain.read(response, code: code, expiry: expiry)
        }
    }
}

/// The chain of NextApi: `{"data": [rows of one expiry], "timestamp", "underlyingValue"}`.
enum NextAPIChain {
    static func read(_ response: JSONFields, code: String, expiry: CalendarDate) throws(ChainFault) -> SiteChain {
        try SiteChain(response, ChainRows(spelling: .modern, code: code, expiry: expiry))
    }
}

/// The chain of `option-chain-v3`: the envelope of the legacy one around rows in the words of NextApi.
enum VersionThreeChain {
    static func read(_ response: JSONFields, code: String, expiry: CalendarDate) throws(ChainFault) -> SiteChain {
        let records = try response.records
        return try SiteChain(records, ChainRows(spelling: .modern, code: code, expiry: expiry))
    }
}

/// The chain of `option-chain-indices` and `-equities`: `{"records": {"data": [rows of all expiries], ...}}`.
///
/// It has every strike of every expiry: NSE's own ratio is over the same rows. `strikePrices` are those of all
/// expiries. `filtered`, the sums of the nearest expiry, is left out: the rows themselves say more.
enum LegacyChain {
    static func read(_ response: JSONFields, code: String, expiry: CalendarDate) throws(ChainFault) -> SiteChain {
        let records = try response.records
        return try SiteChain(records, ChainRows(spelling: .legacy, code: code, expiry: expiry), isWhole: true)
    }
}

/// How a generation of addresses names the fields of a chain. A field without a generation's own name is looked
/// for by the other's: an envelope of one has held rows of another before (`option-chain-v3`).
enum ChainSpelling: Sendable {
    /// The names of an order's price and shares.
    struct Order: Sendable {
        var price: String
        var shares: String
    }

    /// `option-chain-indices` and `option-chain-equities`.
    case legacy
    /// `option-chain-v3` and NextApi, whose `expiryDates` is one text in spite of its name.
    case modern

    var other: ChainSpelling { self == .legacy ? .modern : .legacy }

    /// The expiry of a row.
    var rowExpiry: String { self == .legacy ? "expiryDate" : "expiryDates" }

    /// The best bid price.
    var bid: Order {
        switch self {
        case .legacy: Order(price: "bidprice", shares: "bidQty")
        case .modern: Order(price: "buyPrice1", shares: "buyQuantity1")
        }
    }

    /// The best ask price.
    var ask: Order {
        switch self {
        case .legacy: Order(price: "askPrice", shares: "askQty")
        case .modern: Order(price: "sellPrice1", shares: "sellQuantity1")
        }
    }
}

/// Why a JSON response is not a chain of the requested expiry.
enum ChainFault: Error, Hashable {
    /// The part that holds the rows is not there, by its path.
    case missingRecords(String)
    /// A field is invalid.
    case unreadable(UnreadableField)
    /// No row has the requested expiry; these are the expiries of the rows.
    case otherExpiries([CalendarDate])

    /// Turns the fault of a field into that of the chain.
    static func naming<Value>(_ read: () throws(UnreadableField) -> Value) throws(ChainFault) -> Value {
        do throws(UnreadableField) {
            return try read()
        } catch {
            throw .unreadable(error)
        }
    }
}

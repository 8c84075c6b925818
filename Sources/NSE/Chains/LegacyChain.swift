import JSON
import MarketData
import SourceHTTP

/// The chain of `option-chain-indices` and `-equities`: `{"records": {"data": [rows of all expiries], ...}}`.
///
/// It has every strike of every expiry: NSE's own ratio is over the same rows. `strikePrices` are those of all expiries.
/// `filtered`, the sums of the nearest expiry, is left out: the rows themselves say more.
enum LegacyChain {
    static func read(_ answer: JSONFields, code: String, expiry: CalendarDate) throws(ChainFault) -> SiteChain {
        let records = try answer.records
        return try SiteChain(records, ChainRows(spelling: .legacy, code: code, expiry: expiry), isWhole: true)
    }
}

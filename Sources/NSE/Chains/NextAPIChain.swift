import JSON
import MarketData
import SourceHTTP

/// The chain of NextApi: `{"data": [rows of one expiry], "timestamp", "underlyingValue"}`.
enum NextAPIChain {
    static func read(_ answer: JSONFields, code: String, expiry: CalendarDate) throws(ChainFault) -> SiteChain {
        try SiteChain(answer, ChainRows(spelling: .modern, code: code, expiry: expiry))
    }
}

import JSON
import MarketData
import SourceHTTP

/// The chain of `option-chain-v3`: the envelope of the legacy one around rows in the words of NextApi.
enum VersionThreeChain {
    static func read(_ answer: JSONFields, code: String, expiry: CalendarDate) throws(ChainFault) -> SiteChain {
        let records = try answer.records
        return try SiteChain(records, ChainRows(spelling: .modern, code: code, expiry: expiry))
    }
}

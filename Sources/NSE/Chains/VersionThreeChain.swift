import MarketData

/// The chain of `option-chain-v3`: the envelope of the legacy one around rows in the words of NextApi.
enum VersionThreeChain {
    static func read(_ answer: JSONFields, code: String, expiry: CalendarDate) throws(ChainFault) -> OptionChain {
        let records = try answer.records
        return try OptionChain(records, ChainRows(spelling: .modern, code: code, expiry: expiry))
    }
}

import JSON
import MarketData
import SourceHTTP

/// The three generations of the site's addresses for option chains, the newest first.
enum ChainGeneration: CaseIterable, Hashable, Sendable {
    /// `NextApi/apiClient/GetQuoteApi`, 2026.
    case nextAPI
    /// `option-chain-v3`, since the end of 2025; works with an expiry only and declines often.
    case versionThree
    /// `option-chain-indices` and `option-chain-equities`; answers 404 in 2026.
    case legacy

    /// The address, as the provenance's feed names it.
    var name: String {
        switch self {
        case .nextAPI: "NextApi getOptionChainData"
        case .versionThree: "option-chain-v3"
        case .legacy: "option-chain"
        }
    }

    /// Reads an answer of this generation.
    func chain(in answer: JSONFields, code: String, expiry: CalendarDate) throws(ChainFault) -> SiteChain {
        switch self {
        case .nextAPI: try NextAPIChain.read(answer, code: code, expiry: expiry)
        case .versionThree: try VersionThreeChain.read(answer, code: code, expiry: expiry)
        case .legacy: try LegacyChain.read(answer, code: code, expiry: expiry)
        }
    }
}

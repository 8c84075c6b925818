import JSON
import MarketData
import SourceHTTP
import TestSupport

@testable import NSE

let expiry = day("2026-11-24")

func response(_ text: String, status: Int = 200, contentType: String = "application/json") -> SourceResponse {
    SourceResponse(status: status, contentType: contentType, body: Array(text.utf8))
}

/// The chain in the text of one generation.
func chain(
    _ text: String, _ generation: ChainGeneration = .nextAPI, code: String = "NIFTY", expiry: CalendarDate = expiry
) throws -> SiteChain {
    try generation.chain(in: ResponseReading.object(of: response(text)), code: code, expiry: expiry)
}

/// The fault of a text that is not a chain; `nil` where it is one.
func fault(_ text: String, _ generation: ChainGeneration = .nextAPI) throws -> ChainFault? {
    let object = try ResponseReading.object(of: response(text))
    do throws(ChainFault) {
        _ = try generation.chain(in: object, code: "NIFTY", expiry: expiry)
        return nil
    } catch {
        return error
    }
}

/// The snapshot of a chain in the text of NextApi.
func snapshot(
    _ text: ChainText = ChainText(), of symbol: Symbol = .nifty, now: String = "2026-11-20 10:32", at: String? = nil
) throws -> OpenInterestSnapshot {
    let chain = try chain(text.nextAPI, code: symbol.ticker)
    return try chain.snapshot(
        of: symbol, lot: Lot(symbol, of: chain), feed: "test",
        strikesOfAllExpiries: 268,
        at: at.map(india), now: india(now)
    )
}

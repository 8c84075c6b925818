import Logging
import MarketData
import MarketHub
import TestSupport

extension Symbol {
    static let nowhere = Symbol(exchange: "NSE", ticker: "NOWHERE")
}

extension MarketHub {
    /// A hub over scripted sources, at a clock that stands still.
    static func over(_ sources: ScriptedSource...) -> MarketHub {
        MarketHub(
            history: sources, openInterest: sources, live: sources, search: sources,
            logger: .quiet,
            clock: { Timestamp(seconds: 2000) })
    }
}

extension Quote {
    static func of(_ symbol: Symbol, last: Double?, from source: Provenance.Source = .tradingview) -> Quote {
        var quote = Quote(symbol: symbol, provenance: .of(source))
        quote.last = last
        return quote
    }
}

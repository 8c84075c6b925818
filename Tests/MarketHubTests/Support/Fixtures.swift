import Logging
import MarketData
import MarketHub
import TestSupport

extension Symbol {
    static let nifty = Symbol(exchange: "NSE", ticker: "NIFTY")
    static let bankNifty = Symbol(exchange: "NSE", ticker: "BANKNIFTY")
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

extension Bar {
    static func at(_ minute: Int, close: Double = 1, final: Bool = true) -> Bar {
        Bar(
            time: Timestamp(seconds: Int64(minute) * 60), open: 1, high: 1, low: 1, close: close, volume: nil,
            isFinal: final)
    }
}

extension BarRequest {
    static func minutes(_ count: Int) -> BarRequest {
        BarRequest(symbol: .nifty, interval: .oneMinute, span: .count(count))
    }
}

extension BarSeries {
    static func minutes(_ range: ClosedRange<Int>, shortfall: Shortfall? = nil) -> BarSeries {
        BarSeries(
            request: .minutes(range.count), bars: range.map { Bar.at($0) }, shortfall: shortfall,
            provenance: .of(.tradingview))
    }
}

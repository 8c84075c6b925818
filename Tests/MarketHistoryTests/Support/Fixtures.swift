import MarketData

extension Symbol {
    static let nifty = Symbol(exchange: "NSE", ticker: "NIFTY")
    static let bankNifty = Symbol(exchange: "NSE", ticker: "BANKNIFTY")
}

extension Provenance {
    static func of(_ source: Source) -> Provenance {
        Provenance(source: source, feed: nil, mode: .streaming, delaySeconds: 0, asOf: Timestamp(seconds: 1000))
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

import MarketData

/// How many contracts stand at the busiest strike on the day of expiry.
enum OptionDepth {
    static func contracts(of symbol: Symbol) -> Double {
        switch symbol.ticker {
        case "NIFTY": 110_000
        case "SENSEX": 70_000
        case "BANKNIFTY": 45_000
        case "MIDCPNIFTY": 22_000
        case "FINNIFTY": 9_000
        default: 6_000
        }
    }
}

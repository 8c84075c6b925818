import MarketData

/// What TradingView calls an instrument.
///
/// Three Indian indices have other names there than at their exchange; the exchange's names are ours.
enum WireName {
    private static let aliases: [(ours: Symbol, theirs: String)] = [
        (Symbol(exchange: "NSE", ticker: "FINNIFTY"), "NSE:CNXFINANCE"),
        (Symbol(exchange: "NSE", ticker: "MIDCPNIFTY"), "NSE:NIFTY_MID_SELECT"),
        (Symbol(exchange: "NSE", ticker: "NIFTYNXT50"), "NSE:NIFTYJR"),
    ]

    /// TradingView's name for our symbol.
    static func of(_ symbol: Symbol) -> String {
        aliases.first { $0.ours == symbol }?.theirs ?? symbol.description
    }

    /// Our symbol for TradingView's name; `nil` for text that is no symbol.
    static func symbol(_ name: String) -> Symbol? {
        aliases.first { $0.theirs == name }?.ours ?? (try? Symbol(name))
    }
}

import MarketData
import TradingViewProtocol

/// A time-out after the symbol was found: the server knows the instrument and sends nothing of it, as it does where a
/// feed is dead or not for everybody.
struct SilentFeed: Error {
    /// The time-out.
    let error: MarketDataError
    /// What the server itself names in its place, such as a delayed twin.
    let twins: [Symbol]
    /// The kind of the instrument: `forex`, `crypto`, ...
    let type: String?

    /// The time-out with what is known of the instrument; `nil` for any other error.
    static func error(_ error: MarketDataError, of load: SeriesLoad?) -> SilentFeed? {
        guard error.code == .upstreamTimeout, let load, load.isSilent, let resolved = load.resolved else { return nil }
        return SilentFeed(
            error: error, twins: resolved.alternatives.compactMap(WireName.symbol), type: resolved.type)
    }

    /// The exchanges of currencies, metals and coins whose figures TradingView gives to everybody, best first.
    private static let freeExchanges = [
        "OANDA", "FX_IDC", "FOREXCOM", "CAPITALCOM", "SAXO", "PEPPERSTONE", "TVC", "COINBASE", "BINANCE", "BITSTAMP",
        "KRAKEN",
    ]

    /// Whether the same ticker of another exchange is the same pair.
    var isPair: Bool { ["forex", "crypto", "cfd", "spot"].contains(type ?? "") }

    /// The error that names feeds to ask in place of the silent one; the error itself where none is known.
    /// - Parameter found: What the search has of the ticker.
    func proposing(_ found: [Instrument], insteadOf symbol: Symbol) -> MarketDataError {
        var proposals = twins
        if isPair {
            let same = found.map(\.symbol).filter { $0.ticker == symbol.ticker && $0.exchange != symbol.exchange }
            proposals += SilentFeed.freeExchanges.flatMap { exchange in same.filter { $0.exchange == exchange } }
        }
        var seen: Set<Symbol> = [symbol]
        let names = proposals.filter { seen.insert($0).inserted }.prefix(3).map(\.description)
        guard let best = names.first else { return error }
        return MarketDataError(
            error.code,
            "\(error.message); \(symbol.exchange) may not be for everybody: \(best) is a free feed of the same",
            source: error.source, recovery: error.recovery, suggestions: Array(names))
    }
}

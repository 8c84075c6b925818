import JSON
import MarketData
import TradingViewProtocol

/// Whether the instrument that TradingView resolved is the one that was asked for.
///
/// `NASDAQ:AAPL` may be answered by the feed `BATS:AAPL`, or by a delayed twin; both say what they stand for.
enum SymbolMatch {
    static func matches(_ resolved: ResolvedSymbol, wireName: String) -> Bool {
        let asked = withoutDelay(wireName)
        var names = [resolved.fullName, resolved.proName, resolved.originalName].compactMap { $0 }
        guard !names.isEmpty || resolved.name != nil else { return true }
        names += resolved.alternatives
        for field in ["base_name", "aliases", "legs"] {
            names += resolved.fields[field]?.array?.compactMap(\.string) ?? []
        }
        if let name = resolved.name {
            names += [resolved.listedExchange, resolved.exchange].compactMap { $0.map { "\($0):\(name)" } }
        }
        return names.contains { withoutDelay($0.uppercased()) == asked }
    }

    /// Takes the mark of a delayed twin away from the exchange: `NASDAQ_DLY:NDX`, `CME_MINI_DL:ES1!`.
    private static func withoutDelay(_ name: String) -> String {
        name.replacing("_DLY:", with: ":").replacing("_DL:", with: ":")
    }
}

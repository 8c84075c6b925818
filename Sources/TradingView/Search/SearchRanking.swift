import MarketData

/// How well instruments match the text of a search, where the source has no order of its own.
struct SearchRanking {
    /// The text without an exchange before it.
    let ticker: String
    private let exchange: String?
    private let words: [String]

    init(_ query: SymbolQuery) {
        let parts = query.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let text = String(parts.last ?? "").uppercased()
        exchange = parts.count == 2 && !parts[0].isEmpty ? parts[0].uppercased() : nil
        words = text.split(separator: " ").map(String.init)
        ticker = words.joined(separator: " ")
    }

    /// The smaller the better; `nil` where the instrument does not match.
    func rank(_ instrument: Instrument) -> Int? {
        let ours = instrument.symbol
        let name = ours.ticker.uppercased()
        if let exchange, ours.exchange.uppercased() != exchange { return nil }
        if name == ticker { return 0 }
        if name.hasPrefix(ticker) { return 1 }
        if name.contains(ticker) { return 2 }
        let description = (instrument.description ?? "").uppercased()
        if description.hasPrefix(ticker) { return 3 }
        return words.allSatisfy { description.contains($0) || name.contains($0) } ? 4 : nil
    }

    /// The instruments that match, best first; equals by name.
    func sorted(_ instruments: some Sequence<Instrument>) -> [Instrument] {
        let ranked = instruments.compactMap { instrument in rank(instrument).map { (instrument, $0) } }
        return ranked.sorted { first, second in
            (first.1, first.0.symbol.ticker.count, first.0.symbol.description)
                < (second.1, second.0.symbol.ticker.count, second.0.symbol.description)
        }.map(\.0)
    }
}

public import MarketData

extension MockMarket: SymbolSearchProvider {
    /// The instruments whose ticker or description holds the text; tickers that equal it or begin with it come first.
    public func search(_ query: SymbolQuery) async throws -> [Instrument] {
        let text = query.text.uppercased()
        let ranked = universe.listings.enumerated().compactMap { place, listing -> (rank: Int, place: Int)? in
            guard query.type.map({ $0.lowercased() == listing.type }) ?? true,
                query.exchange.map({ $0.uppercased() == listing.symbol.exchange }) ?? true,
                let rank = rank(of: listing, for: text)
            else { return nil }
            return (rank, place)
        }
        return try ranked.sorted { $0 < $1 }.prefix(max(0, query.limit)).map {
            try instrument(universe.listings[$0.place].symbol)
        }
    }

    private func rank(of listing: Listing, for text: String) -> Int? {
        let ticker = listing.symbol.ticker
        if ticker == text || listing.symbol.description == text { return 0 }
        if ticker.hasPrefix(text) { return 1 }
        let description = listing.description.uppercased()
        if description.split(separator: " ").contains(where: { $0.hasPrefix(text) }) { return 2 }
        return text.isEmpty || ticker.contains(text) || description.contains(text) ? 3 : nil
    }
}

/// Finds the symbols that a mistyped one may have meant.
struct NearNames {
    private static let limit = 5
    private static let farthest = 2
    private let known: [Symbol]

    init(_ known: [Symbol]) { self.known = known }

    /// The nearest first: the same ticker elsewhere, then tickers that differ by up to two letters or hold one another.
    func suggestions(for symbol: Symbol) -> [Symbol] {
        let wanted = Array(symbol.ticker.utf8.prefix(32))
        let ranked = known.compactMap { candidate -> (distance: Int, symbol: Symbol)? in
            let name = Array(candidate.ticker.utf8)
            let distance = NearNames.distance(wanted, name)
            if distance <= min(NearNames.farthest, wanted.count - 1) { return (distance, candidate) }
            let holds = candidate.ticker.contains(symbol.ticker) || symbol.ticker.contains(candidate.ticker)
            return holds && wanted.count > 2 ? (NearNames.farthest + 1, candidate) : nil
        }
        let sorted = ranked.sorted { ($0.distance, $0.symbol) < ($1.distance, $1.symbol) }
        return sorted.prefix(NearNames.limit).map(\.symbol)
    }

    /// Levenshtein's distance: insertions, deletions and replacements.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}

import MarketData
import MarketFormats
import MarketHub

/// The instruments that a client names, and the bare tickers among them that the symbol book does not know.
struct SymbolList: Hashable, Sendable {
    private enum Entry: Hashable, Sendable {
        case known(Symbol)
        case unknown(String, MarketDataError)
    }

    private var entries: [Entry] = []

    /// Reads the names.
    /// - Throws: `MarketDataError`: `badRequest` for a name that is malformed.
    init(_ names: [String]) throws(MarketDataError) {
        for name in names {
            do {
                entries.append(.known(try SymbolBook.symbol(name)))
            } catch  where error.code == .symbolNotFound {
                entries.append(.unknown(name, error))
            }
        }
    }

    /// The instruments, in the order named.
    var symbols: [Symbol] {
        entries.compactMap { if case .known(let symbol) = $0 { symbol } else { nil } }
    }

    /// Why the first name stands for nothing, where no other stands for anything either.
    var failure: MarketDataError? {
        guard symbols.isEmpty, case .unknown(_, let error) = entries.first else { return nil }
        return error
    }

    /// An answer to the whole list: the quotes, and in the order named why others have none.
    func quotes(_ answer: QuoteAnswer) -> QuoteList {
        let failures = Dictionary(
            answer.failures.map { ($0.symbol, $0.error) }, uniquingKeysWith: { first, _ in first })
        var told: Set<String> = []
        var refusals: [QuoteList.Refusal] = []
        for entry in entries {
            let refusal: QuoteList.Refusal? =
                switch entry {
                case .known(let symbol): failures[symbol].map { .init(symbol: symbol, error: $0) }
                case .unknown(let name, let error): .init(name: name, error: error)
                }
            if let refusal, told.insert(refusal.name).inserted { refusals.append(refusal) }
        }
        return QuoteList(quotes: answer.quotes, errors: refusals)
    }
}

/// An instrument and its exchange: `EXCHANGE:TICKER`, upper case, such as `NSE:NIFTY` or `NASDAQ:AAPL`.
public struct Symbol: Hashable, Sendable {
    /// The part before the colon, such as `NSE`.
    public let exchange: String
    /// The part after the colon, such as `NIFTY` or `NIFTY1!`.
    public let ticker: String

    /// Combines parts that are known to be valid.
    public init(exchange: String, ticker: String) {
        self.exchange = exchange
        self.ticker = ticker
    }
}

extension Symbol: CustomStringConvertible {
    /// `EXCHANGE:TICKER`.
    public var description: String { "\(exchange):\(ticker)" }
}

extension Symbol: Comparable {
    /// By exchange, then by ticker.
    public static func < (left: Symbol, right: Symbol) -> Bool {
        (left.exchange, left.ticker) < (right.exchange, right.ticker)
    }
}

extension Symbol {
    /// Reads `EXCHANGE:TICKER` and the names that other programs write for it; every spelling of an instrument gives
    /// one symbol.
    ///
    /// Lower case is raised. `RELIANCE.NS` and `.BO` (Yahoo) and `NSE:RELIANCE-EQ` (brokers) are shares of NSE and BSE;
    /// `NSE:NIFTY 50` and other names of indices are those of the symbol book. A ticker of NSE or BSE has `_` where the
    /// exchange writes `&` or `-` (`M&M`, `BAJAJ-AUTO`), as charts do.
    /// - Throws: `MarketDataError`: `badRequest`, with the reason; `notSupported` for an expression
    ///   of several symbols, such as a spread.
    public init(_ text: String) throws(MarketDataError) {
        guard text.utf8.count <= Symbol.longest else {
            throw .badRequest("the symbol is longer than \(Symbol.longest) characters; write EXCHANGE:TICKER")
        }
        let upper = text.uppercased()
        guard !upper.isEmpty else { throw .badRequest("the symbol is empty; write EXCHANGE:TICKER, such as NSE:NIFTY") }
        if let index = SymbolBook.index(named: upper) {
            self = index
            return
        }
        if let stray = upper.unicodeScalars.first(where: { !Symbol.allowed($0) }) {
            let name = stray == " " ? "a space" : "the character '\(stray)'"
            throw .badRequest("the symbol '\(text)' holds \(name); write EXCHANGE:TICKER, such as NSE:NIFTY")
        }
        if let operation = Symbol.operation(in: upper) {
            throw MarketDataError(
                .notSupported,
                "'\(text)' is an expression of several symbols ('\(operation)'), which is not supported; "
                    + "request each of its symbols")
        }
        if let share = Symbol.yahooShare(upper) {
            self = share
            return
        }
        let parts = upper.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw .badRequest("the symbol '\(text)' is not of the form EXCHANGE:TICKER, such as NSE:NIFTY")
        }
        self.init(exchange: String(parts[0]), ticker: Symbol.ticker(String(parts[1]), of: String(parts[0])))
    }

    /// Parses `EXCHANGE:TICKER` without normalising its spelling, for names on a wire or in a store; `nil` for any
    /// other form.
    public init?(verbatim text: String) {
        guard text.utf8.count <= Symbol.longest, text.unicodeScalars.allSatisfy(Symbol.allowed) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(exchange: String(parts[0]), ticker: String(parts[1]))
    }

    /// The longest text that is read, in bytes.
    static let longest = 128

    static func allowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "0"..."9", "_", "!", ".", "&", "-", "/", "*", "+", ":", "^", "@", "#", "$": true
        default: false
        }
    }

    /// The sign of an expression such as `NSE:NIFTY/NSE:BANKNIFTY` or `NSE:NIFTY1!-NSE:NIFTY2!`; no ticker holds `/`,
    /// `*` or `+`.
    private static func operation(in text: String) -> Character? {
        if let sign = text.first(where: { "/*+".contains($0) }) { return sign }
        guard text.count(where: { $0 == ":" }) == 2 else { return nil }
        return text.contains("-") ? "-" : nil
    }

    /// `RELIANCE.NS` or `RELIANCE.BO`.
    private static func yahooShare(_ text: String) -> Symbol? {
        guard !text.contains(":"), text.utf8.count > 3 else { return nil }
        let exchange = text.hasSuffix(".NS") ? "NSE" : text.hasSuffix(".BO") ? "BSE" : nil
        guard let exchange else { return nil }
        return Symbol(exchange: exchange, ticker: ticker(String(text.dropLast(3)), of: exchange))
    }

    /// The one spelling of a ticker. TradingView cannot write `&` and `-`, and its `_` may mean either, so the
    /// spelling is `_`.
    private static func ticker(_ ticker: String, of exchange: String) -> String {
        guard IndianMarket.keepsCalendar(exchange) else { return ticker }
        let plain = ticker.hasSuffix("-EQ") && ticker.utf8.count > 3 ? String(ticker.dropLast(3)) : ticker
        return String(plain.map { $0 == "&" || $0 == "-" ? "_" : $0 })
    }
}

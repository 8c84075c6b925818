/// What is traded and where: `EXCHANGE:TICKER`, upper case, such as `NSE:NIFTY` or `NASDAQ:AAPL`.
public struct Symbol: Hashable, Sendable {
    /// The part before the colon, such as `NSE`.
    public let exchange: String
    /// The part after the colon, such as `NIFTY` or `NIFTY1!`.
    public let ticker: String

    /// Reads `EXCHANGE:TICKER`; lower case is raised.
    /// - Throws: `MarketDataError` with code `badRequest`, naming what is wrong with the text.
    public init(_ text: String) throws(MarketDataError) {
        guard text.utf8.count <= Symbol.longest else { throw Symbol.tooLong }
        let upper = text.uppercased()
        guard !upper.isEmpty else { throw .badRequest("the symbol is empty; write EXCHANGE:TICKER, such as NSE:NIFTY") }
        if let stray = upper.unicodeScalars.first(where: { !Symbol.allowed($0) }) {
            let name = stray == " " ? "a space" : "the character '\(stray)'"
            throw .badRequest("the symbol '\(text)' holds \(name); write EXCHANGE:TICKER, such as NSE:NIFTY")
        }
        let parts = upper.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw .badRequest("the symbol '\(text)' is not of the form EXCHANGE:TICKER, such as NSE:NIFTY")
        }
        self.init(exchange: String(parts[0]), ticker: String(parts[1]))
    }

    /// Puts together parts that are known to be well formed.
    public init(exchange: String, ticker: String) {
        self.exchange = exchange
        self.ticker = ticker
    }

    /// The most bytes of a symbol; checked before anything else is done with the text.
    static let longest = 128

    static var tooLong: MarketDataError {
        .badRequest("the symbol is longer than \(Symbol.longest) characters")
    }

    static func allowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "0"..."9", "_", "!", ".", "&", "-", "/", "*", "+", ":", "^", "@", "#", "$": true
        default: false
        }
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

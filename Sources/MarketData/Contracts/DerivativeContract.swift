/// One contract that a derivatives exchange trades: a future, or an option of one strike.
public struct DerivativeContract: Hashable, Sendable {
    /// What kind of contract.
    public enum Kind: Hashable, Sendable {
        /// A future.
        case future
        /// The right to buy or sell at a strike.
        case option(Strike, OptionType)
    }

    /// The underlying.
    public var underlying: Symbol
    /// When it expires.
    public var expiry: CalendarDate
    /// What kind of contract.
    public var kind: Kind

    /// A contract from its parts.
    public init(underlying: Symbol, expiry: CalendarDate, kind: Kind) {
        self.underlying = underlying
        self.expiry = expiry
        self.kind = kind
    }
}

extension DerivativeContract.Kind {
    /// The strike of an option; `nil` for a future.
    public var strike: Strike? { if case .option(let strike, _) = self { strike } else { nil } }

    /// `call`, `put` or `future`.
    public var word: String {
        switch self {
        case .future: "future"
        case .option(_, let type): type.rawValue
        }
    }

    /// Reads `call`, `put` or `future`, and the strike that the former two need.
    /// - Throws: `MarketDataError` `badRequest`.
    public init(_ word: String, strike: Strike?) throws(MarketDataError) {
        switch (word, strike) {
        case ("future", nil): self = .future
        case ("future", .some):
            throw .badRequest("a future has no strike; omit the strike, or use call or put")
        default:
            guard let type = OptionType(rawValue: word) else {
                throw .badRequest("'\(word.prefix(40))' is not a contract type; use call, put or future")
            }
            guard let strike else { throw .badRequest("a \(type.rawValue) needs its strike; write it as 26000") }
            self = .option(strike, type)
        }
    }
}

extension DerivativeContract: CustomStringConvertible {
    /// `NSE:NIFTY 2026-11-24 26000 call`.
    public var description: String {
        ["\(underlying)", "\(expiry)", kind.strike.map { "\($0)" }, kind.word].compactMap { $0 }.joined(separator: " ")
    }
}

/// The right to buy, or the right to sell.
public enum OptionType: String, CaseIterable, Sendable {
    case call, put

    /// 1 for a call, -1 for a put: the sign of what it pays as prices rise.
    var sign: Double { self == .call ? 1 : -1 }
}

extension OptionStrike {
    /// The values of the call or the put.
    public subscript(type: OptionType) -> OptionData? { type == .call ? call : put }
}

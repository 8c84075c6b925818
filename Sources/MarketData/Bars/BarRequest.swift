/// Which bars are wanted.
public struct BarRequest: Hashable, Sendable {
    /// How far the request reaches.
    public enum Span: Hashable, Sendable {
        /// The number of newest bars.
        case count(Int)
        /// The bars that open within the range.
        case range(TimeRange)
    }

    /// The instrument.
    public var symbol: Symbol
    /// The length of a bar.
    public var interval: Interval
    /// How far back.
    public var span: Span
    /// Which part of the exchange's day.
    public var hours: TradingHours
    /// What past prices are adjusted for.
    public var adjustment: Adjustment
    /// Whether the prices of a continuous future are adjusted for rolls (back-adjusted).
    public var backAdjusted: Bool
    /// The currency that prices are converted to, such as `USD`; `nil` for the instrument's own.
    public var currency: String?

    /// A request; regular hours, adjusted for splits, unless said otherwise.
    public init(
        symbol: Symbol,
        interval: Interval,
        span: Span,
        hours: TradingHours = .regular,
        adjustment: Adjustment = .splits,
        backAdjusted: Bool = false,
        currency: String? = nil
    ) {
        self.symbol = symbol
        self.interval = interval
        self.span = span
        self.hours = hours
        self.adjustment = adjustment
        self.backAdjusted = backAdjusted
        self.currency = currency
    }

    /// The largest count of one request.
    public static let largestCount = 100_000

    /// Checks what can be checked without a source.
    /// - Throws: `MarketDataError`: `badRequest` for a count below 1, an empty range, or a currency that is not a code
    ///   of ISO 4217; `tooLarge` above `largestCount`.
    public func validate() throws(MarketDataError) {
        switch span {
        case .count(let count) where count < 1:
            throw .badRequest("count must be at least 1, got \(count)")
        case .count(let count) where count > BarRequest.largestCount:
            throw .init(.tooLarge, "count must be at most \(BarRequest.largestCount), got \(count); split the request")
        case .range(let range) where range.from >= range.to:
            throw .badRequest("from must be before to, got \(range.from) and \(range.to)")
        default: break
        }
        if let currency, currency.utf8.count != 3 || !currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) {
            throw .badRequest("currency must be three upper-case letters such as USD, got '\(currency)'")
        }
    }
}

/// What past prices of a series have been adjusted for. Series of different adjustment never mix.
public enum Adjustment: String, CaseIterable, Sendable {
    case splits
    case dividends
    case none
}

/// Which part of the exchange's day a series covers.
public enum TradingHours: String, CaseIterable, Sendable {
    /// The main session.
    case regular
    /// With the pre-market and post-market sessions, if the exchange has them.
    case extended
}

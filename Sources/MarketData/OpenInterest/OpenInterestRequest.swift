/// Which open interest is wanted.
public struct OpenInterestRequest: Hashable, Sendable {
    /// The underlying.
    public var symbol: Symbol
    /// When the options expire; `nil` for the nearest expiry.
    public var expiry: CalendarDate?
    /// The moment wanted; `nil` for now.
    public var at: Timestamp?
    /// Which strikes are wanted. Only some sources can choose; a response says which strikes it covers.
    public var strikes: StrikeSelection

    /// A request; nearest expiry, now and the source's own strikes, unless said otherwise.
    public init(
        symbol: Symbol, expiry: CalendarDate? = nil, at: Timestamp? = nil, strikes: StrikeSelection = .usual
    ) {
        self.symbol = symbol
        self.expiry = expiry
        self.at = at
        self.strikes = strikes
    }
}

/// Which of the listed strikes are wanted. A source that serves a window says in its response which it was.
public enum StrikeSelection: Hashable, Sendable {
    /// The source's default window, which may be all strikes.
    case usual
    /// Every listed strike.
    case all
    /// The strikes from one price to another, both included.
    case range(from: Strike, to: Strike)
}

extension StrikeSelection: CustomStringConvertible {
    /// `usual`, `all` or `24000-26000`.
    public var description: String {
        switch self {
        case .usual: "usual"
        case .all: "all"
        case .range(let from, let to): "\(from)-\(to)"
        }
    }

    /// Reads `all`, `usual`, or two prices with a dash between, the lower one first, such as `24000-26000`.
    /// - Throws: `MarketDataError` `badRequest`.
    public init(_ text: String) throws(MarketDataError) {
        switch text {
        case "usual": self = .usual
        case "all": self = .all
        default:
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Strike($0) }
            guard ends.count == 2, let from = ends[0], let to = ends[1], from <= to else {
                throw .badRequest(
                    "'\(text.prefix(60))' names no strikes; write all, or the lowest and the highest as 24000-26000")
            }
            self = .range(from: from, to: to)
        }
    }
}

/// The dates on which options of an underlying expire.
public struct ExpiryList: Hashable, Sendable {
    /// The underlying.
    public var symbol: Symbol
    /// Nearest first.
    public var expiries: [CalendarDate]
    /// The one that a request without an expiry means.
    public var standard: CalendarDate?
    /// The provenance of the list.
    public var provenance: Provenance

    /// A list from its parts; dates are put in order.
    public init(symbol: Symbol, expiries: [CalendarDate], standard: CalendarDate?, provenance: Provenance) {
        self.symbol = symbol
        self.expiries = expiries.sorted()
        self.standard = standard ?? self.expiries.first
        self.provenance = provenance
    }
}

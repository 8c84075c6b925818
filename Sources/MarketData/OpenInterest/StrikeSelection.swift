/// Which of the listed strikes are wanted. A source that serves a window says in its answer which it was.
public enum StrikeSelection: Hashable, Sendable {
    /// The window that the source serves unasked, which may be all.
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

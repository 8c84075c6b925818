import MarketData

/// The strikes from one price to another, both included.
struct StrikeRange: Hashable, Sendable {
    let from: Strike
    let to: Strike

    /// The range that holds all of some strikes; `nil` of none.
    init?(of strikes: [Strike]) {
        guard let from = strikes.min(), let to = strikes.max() else { return nil }
        self.init(from: from, to: to)
    }

    init(from: Strike, to: Strike) {
        self.from = from
        self.to = to
    }

    func holds(_ strike: Strike) -> Bool { from <= strike && strike <= to }
    func holds(_ other: StrikeRange) -> Bool { from <= other.from && other.to <= to }
}

extension StrikeRange: CustomStringConvertible {
    var description: String { "\(from) to \(to)" }
}

/// Which of the listed strikes a snapshot covers. Sums, ratios, walls and max pain hold for these and no others.
public struct StrikeWindow: Hashable, Sendable {
    /// The lowest strike.
    public let from: Strike
    /// The highest strike.
    public let to: Strike
    /// How many strikes there are.
    public let covered: Int
    /// How many the exchange lists; `nil` if unknown.
    public let listed: Int?

    /// Whether every listed strike is covered; `nil` if unknown how many there are.
    public var isWhole: Bool? { listed.map { covered >= $0 } }

    /// The window in a sentence for people.
    public var words: String {
        let range = "from \(from) to \(to)"
        guard let listed else { return "\(covered) strikes \(range); how many are listed is not known" }
        guard covered < listed else { return "all \(covered) listed strikes, \(range)" }
        return "\(covered) of \(listed) listed strikes, \(range); the others are not counted"
    }
}

extension OpenInterestSnapshot {
    /// The strikes that this snapshot covers; unknown where there are none.
    public var strikeWindow: ComputedValue<StrikeWindow> {
        guard let first = strikes.first, let last = strikes.last else {
            return .unknown(reason: "there are no strikes")
        }
        return .known(
            StrikeWindow(from: first.strike, to: last.strike, covered: strikes.count, listed: listedStrikes))
    }
}

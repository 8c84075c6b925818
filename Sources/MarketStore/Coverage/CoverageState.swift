/// What is known of a span of a series.
public enum CoverageState: Hashable, Sendable {
    /// Nothing is known: never asked for, or lost. It is fetched when it is asked for.
    case missing
    /// There may have been bars; the store removed them, or never took them in, because retention does not keep them.
    case removed
    /// Known to hold no bars, and why.
    case empty(EmptyReason)
    /// Every bar there is, is stored.
    case had

    private var rank: Int {
        switch self {
        case .missing: -2
        case .removed: -1
        case .empty(let reason): reason.rank
        case .had: EmptyReason.allCases.count
        }
    }

    /// What two statements about the same span say together: the stronger one stands. The order of statements, and
    /// how often each is made, does not matter.
    public func joined(with other: CoverageState) -> CoverageState { rank < other.rank ? other : self }
}

extension CoverageState: CustomStringConvertible {
    /// `missing`, `retention` where it was removed, `had`, or the reason why it is empty.
    public var description: String {
        switch self {
        case .missing: "missing"
        case .removed: "retention"
        case .had: "had"
        case .empty(let reason): reason.rawValue
        }
    }
}

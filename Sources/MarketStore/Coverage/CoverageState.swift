/// What is known of a span of a series.
public enum CoverageState: Hashable, Sendable {
    /// Never asked for, or lost.
    case missing
    /// What is stored has prices of before the whole series changed (a split), and is to be fetched anew.
    case outdated
    /// Known to hold no bars, and why.
    case empty(EmptyReason)
    /// Every bar there is, is stored.
    case had

    private var rank: Int {
        switch self {
        case .missing: -2
        case .outdated: -1
        case .empty(let reason): reason.rank
        case .had: EmptyReason.allCases.count
        }
    }

    /// Whether it is to be asked for.
    public var isLacking: Bool { self == .missing || self == .outdated }

    /// What two statements about the same span say together: the stronger one stands. The order of statements, and
    /// how often each is made, does not matter.
    public func joined(with other: CoverageState) -> CoverageState { rank < other.rank ? other : self }
}

extension CoverageState: CustomStringConvertible {
    /// `missing`, `outdated`, `had`, or the reason why it is empty.
    public var description: String {
        switch self {
        case .missing: "missing"
        case .outdated: "outdated"
        case .had: "had"
        case .empty(let reason): reason.rawValue
        }
    }
}

/// Puts over calls, with both sums beside it; no value, and the reason, where the division means nothing.
public struct PutCallRatio: Hashable, Sendable {
    /// What is summed.
    public enum Basis: String, CaseIterable, Sendable {
        case openInterest, change, volume
    }

    /// The sum over the puts, in the snapshot's unit; `nil` where none is known.
    public let puts: Double?
    /// The sum over the calls, in the snapshot's unit; `nil` where none is known.
    public let calls: Double?
    /// What was summed.
    public let basis: Basis

    /// A ratio from its sums.
    public init(puts: Double?, calls: Double?, basis: Basis) {
        self.puts = puts
        self.calls = calls
        self.basis = basis
    }

    /// Sum of puts over sum of calls (knowledge: the convention of NSE and Trendlyne); `nil` where `reason` says why.
    public var value: Double? {
        guard reason == nil, let puts, let calls else { return nil }
        return puts / calls
    }

    /// Why there is no value; `nil` when there is one.
    public var reason: String? {
        guard let puts else { return "the puts' \(basis.words) is not known" }
        guard let calls else { return "the calls' \(basis.words) is not known" }
        if calls == 0 { return "the calls' \(basis.words) is zero" }
        if puts < 0 || calls < 0 { return "the \(basis.words) is negative: a ratio of such sums means nothing" }
        return nil
    }
}

extension PutCallRatio.Basis {
    var words: String {
        switch self {
        case .openInterest: "open interest"
        case .change: "change in open interest"
        case .volume: "volume"
        }
    }
}

/// What open interest is counted in: shares of the underlying, or contracts of `lotSize` shares.
public enum OpenInterestUnit: String, CaseIterable, Sendable {
    case shares, contracts
}

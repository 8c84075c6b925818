/// What past prices of a series have been adjusted for. Series of different adjustment never mix.
public enum Adjustment: String, CaseIterable, Sendable {
    case splits
    case dividends
    case none
}

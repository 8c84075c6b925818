public import MarketData

/// A span of time and what is known of it.
public struct CoverageSpan: Hashable, Sendable {
    /// The span.
    public let range: TimeRange
    /// What is known of it.
    public let state: CoverageState

    /// A span and its state.
    public init(_ range: TimeRange, _ state: CoverageState) {
        self.range = range
        self.state = state
    }
}

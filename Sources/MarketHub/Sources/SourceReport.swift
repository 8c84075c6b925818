public import MarketData

/// How a source is doing, with the last thing that went wrong.
public struct SourceReport: Hashable, Sendable {
    /// How it is doing.
    public var status: SourceStatus
    /// The last failure; `nil` where there was none.
    public var lastError: MarketDataError?
    /// When that was.
    public var lastErrorTime: Timestamp?
}

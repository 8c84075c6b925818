public import MarketData
import MarketHistory

/// How a source is doing, with the last thing that went wrong.
public struct SourceReport: Hashable, Sendable {
    /// How it is doing.
    public var status: SourceStatus
    /// The last failure; `nil` where there was none.
    public var lastError: MarketDataError?
    /// When that was.
    public var lastErrorTime: Timestamp?
    /// How many requests the source may still be sent today; `nil` where none are counted.
    public var budgetLeft: Int?

    /// Whether a question to the source may well be answered: it is connected, or at rest after an answer or before the
    /// first question.
    public var mayAnswer: Bool {
        switch status.state {
        case .connected, .connecting: return true
        case .reconnecting, .down: return false
        case .idle:
            guard let failed = lastErrorTime, lastError?.isOutage == true else { return true }
            return status.lastData.map { $0 > failed } ?? false
        }
    }

    /// Whether sources of this kind have bars at all.
    public var givesBars: Bool {
        switch status.source {
        case .tradingview, .store, .mock: true
        case .trendlyne, .nse: false
        }
    }
}

/// Where the bars of one interval begin and end: `BarBoundaries` where the exchange's calendar is known,
/// `SessionBars` where only TradingView's text of its sessions is.
public protocol BarGrid: Sendable {
    /// The length of a bar.
    var interval: Interval { get }
    /// The bar that an instant lies in, from its opening to its close; `nil` while there is no trading.
    func bar(containing time: Timestamp) -> TimeRange?
    /// The first bar that opens at or after an instant.
    func firstBar(openingAtOrAfter time: Timestamp) -> TimeRange
}

extension BarBoundaries: BarGrid {}

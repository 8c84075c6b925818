/// Where the bars of one interval begin and end: `BarBoundaries` where the exchange's calendar is known,
/// `SessionBars` where only TradingView's text of its sessions is.
public protocol BarGrid: Sendable {
    /// The length of a bar.
    var interval: Interval { get }
    /// The bar that an instant lies in, from its opening to its close; `nil` while there is no trading.
    func bar(containing time: Timestamp) -> TimeRange?
    /// The first bar that opens at or after an instant.
    func firstBar(openingAtOrAfter time: Timestamp) -> TimeRange
    /// The first bar at or after an instant in which something must have been traded: a closing auction need not have
    /// any prices.
    func firstExpectedBar(openingAtOrAfter time: Timestamp) -> TimeRange
    /// The bar that a price of an instant belongs to, whether or not the exchange is known to trade then.
    func place(of time: Timestamp) -> BarPlace
}

extension BarGrid {
    public func firstExpectedBar(openingAtOrAfter time: Timestamp) -> TimeRange { firstBar(openingAtOrAfter: time) }
}

extension BarBoundaries: BarGrid {}

/// The bar that an instant belongs to, and how far it reaches.
public struct BarPlace: Hashable, Sendable {
    /// From the opening of the bar to its close by the hours that are known.
    public let bar: TimeRange
    /// The first instant that belongs to another bar: trades after the close and before it (a closing print, an
    /// evening after an outage) belongs to this one.
    public let reach: Timestamp
}

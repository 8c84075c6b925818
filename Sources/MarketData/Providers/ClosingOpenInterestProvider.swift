/// A source whose history of open interest is the close of each trading day, and each day a question of its own: it is
/// asked only for the days that are lacking.
public protocol ClosingOpenInterestProvider: OpenInterestProvider {
    /// Whose figures these are.
    var source: Provenance.Source { get }

    /// The closing snapshots of one expiry on some trading days, in time order. A day that is not there, or did not list
    /// the expiry, is left out.
    /// - Throws: `MarketDataError`; `tooLarge` for more days than one question may reach over, `noDataForTime` and
    ///   `expiryNotListed` where none of the days has anything.
    func closingOpenInterest(
        of symbol: Symbol, expiry: CalendarDate, on days: [CalendarDate]
    ) async throws -> [OpenInterestSnapshot]
}

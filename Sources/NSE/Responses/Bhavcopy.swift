import JSON
public import MarketData
import SourceHTTP

/// NSE's file of all futures and options of one day; only the options are read.
///
/// The UDiFF format, in force since 2024-07-08, and the one before it. It is the right source of past days, whose chain
/// the site does not serve. Open interest is in shares in both: a file's 7,467,135 less a change of 2,914,210 was
/// 70,045 contracts of 65 the day before.
public struct Bhavcopy: Hashable, Sendable {
    /// The trading day that the values close.
    public let tradingDate: CalendarDate
    /// The options' rows by underlying and expiry.
    let chains: [Chain: [Row]]

    /// What a snapshot holds.
    struct Chain: Hashable, Sendable {
        /// The code of the underlying, as the exchange has it.
        var code: String
        var expiry: CalendarDate
    }

    /// Reads the CSV of either format; columns are found by name.
    /// - Throws: `MarketDataError` `upstreamUnreadable`, naming line and column; also for a file that is still zipped
    ///   and for a page where the file should be.
    public init(csv: [UInt8]) throws(MarketDataError) {
        do throws(UnreadableField) {
            var table = try CSVReader(csv)
            var columns = try BhavcopyColumns(table)
            var chains: [Chain: [Row]] = [:]
            var day: CalendarDate?
            while try table.next() {
                let date = try columns.tradingDate(table)
                guard day == nil || day == date else {
                    throw UnreadableField(table.place, "\(date) in a file of \(day?.description ?? "")")
                }
                day = date
                guard let (chain, row) = try columns.option(table) else { continue }
                chains[chain, default: []].append(row)
            }
            guard let day else { throw UnreadableField("file", "not a single contract") }
            tradingDate = day
            self.chains = chains
        } catch {
            throw MarketDataError(
                .upstreamUnreadable, "invalid bhavcopy from NSE: \(error.words)", source: .nse)
        }
    }

    /// The expiries of an underlying's options, nearest first; empty where the day knows none.
    public func expiries(of symbol: Symbol) -> [CalendarDate] {
        let codes = Bhavcopy.codes(of: symbol)
        return chains.keys.filter { codes.contains($0.code) }.map(\.expiry).sorted()
    }

    /// Shares a contract on that day; `nil` if the file has no such options, or lots of several sizes.
    public func lotSize(of symbol: Symbol, expiry: CalendarDate) -> Int? {
        let lots = Set(rows(of: symbol, expiry: expiry)?.compactMap(\.lotSize) ?? [])
        return lots.count == 1 ? lots.first : nil
    }

    /// The options of one expiry; `nil` if the day knows none.
    func rows(of symbol: Symbol, expiry: CalendarDate) -> [Row]? {
        for code in Bhavcopy.codes(of: symbol) {
            if let rows = chains[Chain(code: code, expiry: expiry)] { return rows }
        }
        return nil
    }

    /// How the file may spell an underlying; empty for another exchange's.
    private static func codes(of symbol: Symbol) -> [String] { (try? Underlying(symbol))?.codes ?? [] }
}

extension Bhavcopy {
    /// One option of the file.
    struct Row: Hashable, Sendable {
        var strike: Strike
        var isCall: Bool
        /// In shares.
        var openInterest: Double?
        /// In shares, since the previous trading day.
        var change: Double?
        /// Traded that day: in shares since 2024-07-08, before in contracts.
        var volume: Double?
        /// The closing price; `nil` for an option that was not traded that day.
        var close: Double?
        /// The price of the underlying.
        var spot: Double?
        var lotSize: Int?
        /// Where it is in the file.
        var line: Int
    }
}

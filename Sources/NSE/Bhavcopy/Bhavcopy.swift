public import MarketData
import PoliteHTTP

/// One day's file of every contract on futures and options at NSE, of which the options are kept.
///
/// The UDiFF format, in force since 2024-07-08: `BhavCopy_NSE_FO_0_0_0_YYYYMMDD_F_0000.csv`, which the exchange gives
/// away in a zip. It is the right source of past days, whose chain the site does not serve.
public struct Bhavcopy: Hashable, Sendable {
    /// The trading day that the figures close.
    public let tradingDate: CalendarDate
    /// The options' rows by underlying and expiry.
    let chains: [Chain: [Row]]

    /// What a snapshot holds.
    struct Chain: Hashable, Sendable {
        /// The code of the underlying, as the exchange has it.
        var code: String
        var expiry: CalendarDate
    }

    /// Reads the CSV; columns are found by name.
    /// - Throws: `MarketDataError` `upstreamUnreadable`, naming line and column; also for a file that is still zipped
    ///   and for a page where the file should be.
    public init(csv: [UInt8]) throws(MarketDataError) {
        do throws(UnreadableField) {
            let table = try CSVTable(csv)
            let columns = try BhavcopyColumns(table)
            var chains: [Chain: [Row]] = [:]
            var day: CalendarDate?
            for line in table.lines {
                let date = try columns.tradingDate(line)
                guard day == nil || day == date else {
                    throw UnreadableField(line.place, "\(date) in a file of \(day?.description ?? "")")
                }
                day = date
                guard let (chain, row) = try columns.option(line) else { continue }
                chains[chain, default: []].append(row)
            }
            guard let day else { throw UnreadableField("file", "not a single contract") }
            tradingDate = day
            self.chains = chains
        } catch {
            throw MarketDataError(
                .upstreamUnreadable, "NSE's bhavcopy cannot be read: \(error.words)", source: .nse)
        }
    }

    /// The name of a day's file inside its zip, which is called the same with `.zip` behind; `nil` before the format
    /// came into force.
    public static func fileName(of date: CalendarDate) -> String? {
        guard date >= firstDay else { return nil }
        return "BhavCopy_NSE_FO_0_0_0_\(date.description.filter { $0 != "-" })_F_0000.csv"
    }

    /// 2024-07-08.
    private static let firstDay = CalendarDate(daysSinceEpoch: 19_912)

    /// The expiries of an underlying's options, nearest first; empty where the day knows none.
    public func expiries(of symbol: Symbol) -> [CalendarDate] {
        chains.keys.filter { $0.code == symbol.ticker && symbol.exchange == "NSE" }.map(\.expiry).sorted()
    }

    /// Shares a contract on that day; `nil` where the file has no such options, or lots of several sizes.
    public func lotSize(of symbol: Symbol, expiry: CalendarDate) -> Int? {
        let rows = chains[Chain(code: symbol.ticker, expiry: expiry)] ?? []
        let lots = Set(rows.compactMap(\.lotSize))
        return lots.count == 1 ? lots.first : nil
    }
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
        /// The closing price; `nil` for an option that was not traded that day.
        var close: Double?
        /// The price of the underlying.
        var spot: Double?
        var lotSize: Int?
        /// Where it stands in the file.
        var line: Int
    }
}

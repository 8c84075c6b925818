import MarketData

/// The range that `--from` and `--to` mean.
enum TimeRangeOption {
    static let fromHelp =
        "First bar: a date, a time (of the exchange unless it has a zone), today, yesterday, or 12h, 30d, 26w, 2y ago."
    static let toHelp = "End: a date, which is included, or a time, which is not (default: now)."

    /// `nil` without `--from`; up to now without `--to`.
    /// - Throws: `MarketDataError`, naming what is wrong.
    static func range(from: String?, to: String?, symbol: Symbol, now: Timestamp) throws -> TimeRange? {
        guard let from else {
            if to != nil { throw MarketDataError.badRequest("--to needs --from") }
            return nil
        }
        let start = try MomentOption.moment(from, of: symbol, now: now, dateMeans: .start)
        let end = try to.map { try MomentOption.moment($0, of: symbol, now: now) } ?? now.advanced(bySeconds: 1)
        guard start < end else {
            if to == nil { throw MarketDataError.badRequest("--from \(from) is in the future; it is \(now) now") }
            throw MarketDataError.badRequest("the range from \(start) to \(end) is empty: --from must lie before --to")
        }
        return TimeRange(from: start, to: end)
    }
}

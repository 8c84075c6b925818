import MarketData

/// The range that `--from` and `--to` mean.
enum TimeRangeOption {
    /// `nil` without `--from`; up to now without `--to`.
    /// - Throws: `MarketDataError`, naming what is wrong.
    static func range(from: String?, to: String?, symbol: Symbol, now: Timestamp) throws -> TimeRange? {
        guard let from else {
            if to != nil { throw MarketDataError.badRequest("--to needs --from") }
            return nil
        }
        let zone = ExchangeZone.zone(of: symbol.exchange)
        let start = try Timestamp(from, zone: zone, dateMeans: .start)
        let end = try to.map { try Timestamp($0, zone: zone, dateMeans: .end) } ?? now.advanced(bySeconds: 1)
        guard start < end else {
            throw MarketDataError.badRequest("the range from \(start) to \(end) is empty: --from must lie before --to")
        }
        return TimeRange(from: start, to: end)
    }
}

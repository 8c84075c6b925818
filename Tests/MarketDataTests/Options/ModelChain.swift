import Foundation
import MarketData

/// A chain whose premiums Black-76 made, with a straight skew.
struct ModelChain {
    static let expiry = CalendarDate("2026-11-24") ?? CalendarDate(daysSinceEpoch: 0)
    static let close = IndianTime.timestamp(expiry, ClockTime(hour: 15, minute: 40))

    var forward = 25_010.0
    var rate = 0.0
    var days = 8.0
    var spot: Double? = 25_000
    var unit = OpenInterestUnit.shares
    var lotSize: Int? = 65

    var years: Double { days / 365 }

    /// A year, falling by two points for each 5 % up.
    func volatility(_ strike: Double) -> Double { 0.14 - 0.4 * (strike / forward - 1) }

    /// Strikes from 23,000 to 27,000 by 100; open interest grows with the strike for calls and falls for puts.
    func snapshot(
        changing change: (inout OptionStrike) -> Void = { _ in }
    ) -> OpenInterestSnapshot {
        let strikes = stride(from: 23_000.0, through: 27_000, by: 100).compactMap { price -> OptionStrike? in
            guard let strike = Strike(price),
                let model = Black76(
                    forward: forward, strike: price, years: years, rate: rate, volatility: volatility(price)
                )
            else { return nil }
            var row = OptionStrike(
                strike: strike, call: OptionData(openInterest: price - 22_000, last: model.price(.call)),
                put: OptionData(openInterest: 28_000 - price, last: model.price(.put))
            )
            change(&row)
            return row
        }
        let asOf = Timestamp(milliseconds: ModelChain.close.milliseconds - Int64(days * 86_400_000))
        return OpenInterestSnapshot(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), expiry: ModelChain.expiry, unit: unit, lotSize: lotSize,
            spot: spot, strikes: strikes, listedStrikes: nil,
            provenance: Provenance(source: .mock, feed: nil, mode: .simulated, delaySeconds: nil, asOf: asOf)
        )
    }
}

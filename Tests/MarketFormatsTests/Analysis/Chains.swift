import Foundation
import MarketData
import MarketFormats
import NIOCore
import Testing

/// Chains made up for tests, and responses read by Foundation.
enum Chains {
    static let expiry = CalendarDate("2026-11-24") ?? CalendarDate(daysSinceEpoch: 0)

    /// Strikes from 24,700 to 25,300 by 100 around a forward of 25,010, four days before expiry, priced at 14 %.
    static func priced(
        spot: Double? = 25_000, days: Double = 4, changing change: (inout OptionStrike) -> Void = { _ in }
    ) -> OptionChain {
        let strikes = stride(from: 24_700.0, through: 25_300, by: 100).compactMap { price -> OptionStrike? in
            guard let strike = Strike(price),
                let model = Black76(forward: 25_010, strike: price, years: 4 / 365, rate: 0, volatility: 0.14)
            else { return nil }
            var row = OptionStrike(
                strike: strike, call: values(model.price(.call), held: price - 24_000),
                put: values(model.price(.put), held: 26_000 - price))
            change(&row)
            return row
        }
        let close = IndianTime.timestamp(expiry, ClockTime(hour: 15, minute: 40))
        let asOf = Timestamp(milliseconds: close.milliseconds - Int64(days * 86_400_000))
        return OptionChain(
            snapshot: OpenInterestSnapshot(
                symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), expiry: expiry, unit: .shares, lotSize: 65,
                spot: spot, strikes: strikes, listedStrikes: 99,
                provenance: Provenance(source: .nse, feed: nil, mode: .delayed, delaySeconds: 180, asOf: asOf)))
    }

    private static func values(_ price: Double, held: Double) -> OptionData {
        OptionData(
            openInterest: held, change: 130, previous: held - 130, last: price, volume: 6_500, impliedVolatility: 13,
            priceChange: -2)
    }

    /// A response as Foundation reads it.
    static func object(_ response: some MarketResponse) throws -> [String: Any] {
        let data = Data(response.encoded(as: .json).readableBytesView)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// The members that are `null` without a reason beside them, by their paths; `raw` names those that a source may
    /// leave out without saying why.
    static func unexplained(_ value: Any, at path: String = "", raw: Set<String>) -> [String] {
        if let list = value as? [Any] {
            return list.enumerated().flatMap { unexplained($1, at: "\(path)[\($0)]", raw: raw) }
        }
        guard let object = value as? [String: Any] else { return [] }
        let reasons = object["reasons"] as? [String: String] ?? [:]
        let own = object.filter { $1 is NSNull && !raw.contains($0) && reasons[$0]?.isEmpty ?? true }
        let idle = reasons.keys.filter { !(object[$0] is NSNull) }.map { "\(path).reasons.\($0)" }
        return own.keys.map { "\(path).\($0)" } + idle
            + object.flatMap { unexplained($1, at: "\(path).\($0)", raw: raw) }
    }
}

import Foundation
import MarketData
import TestSupport

/// Recorded responses of NSE's site, read as far as these tests need.
extension Captures {
    struct Side: Decodable {
        let lastPrice: Double
        let openInterest: Double
        let changeinOpenInterest: Double
        let impliedVolatility: Double

        var values: OptionData {
            OptionData(
                openInterest: openInterest, change: changeinOpenInterest, last: lastPrice == 0 ? nil : lastPrice,
                impliedVolatility: impliedVolatility == 0 ? nil : impliedVolatility
            )
        }
    }

    struct Row: Decodable {
        let strikePrice: Double
        let expiryDate: String?
        let CE: Side?
        let PE: Side?
    }

    struct Records: Decodable {
        let data: [Row]
        let underlyingValue: Double
    }

    private struct Legacy: Decodable {
        let records: Records
    }

    /// The chain of an expiry that a recording of the legacy address holds, as of a day's 15:30.
    static func legacy(_ name: String, expiry: String, _ date: CalendarDate, at day: CalendarDate) throws
        -> OpenInterestSnapshot
    {
        let records = try JSONDecoder().decode(Legacy.self, from: data(name)).records
        return snapshot(records.data.filter { $0.expiryDate == expiry }, records.underlyingValue, date, at: day)
    }

    /// The chain that a recording of the newer address holds, as of a day's 15:30.
    static func nextAPI(_ name: String, _ date: CalendarDate, at day: CalendarDate) throws -> OpenInterestSnapshot {
        let records = try JSONDecoder().decode(Records.self, from: data(name))
        return snapshot(records.data, records.underlyingValue, date, at: day)
    }

    private static func data(_ name: String) throws -> Data {
        Data(try bytes("nse/\(name)"))
    }

    private static func snapshot(
        _ rows: [Row], _ spot: Double, _ expiry: CalendarDate, at day: CalendarDate
    ) -> OpenInterestSnapshot {
        let asOf = IndianTime.timestamp(day, ClockTime(hour: 15, minute: 30))
        return OpenInterestSnapshot(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), expiry: expiry, unit: .contracts, lotSize: 65,
            spot: spot,
            strikes: rows.compactMap { row in
                Strike(row.strikePrice).map {
                    OptionStrike(strike: $0, call: row.CE?.values, put: row.PE?.values)
                }
            },
            listedStrikes: nil,
            provenance: Provenance(source: .nse, feed: nil, mode: .recorded, delaySeconds: nil, asOf: asOf)
        )
    }
}

import MarketData
import MockMarket
import Testing

/// A time of India's clocks, such as `2026-11-23 09:15`.
func instant(_ text: String) throws -> Timestamp {
    let parts = text.split(separator: " ")
    return IndianTime.timestamp(try #require(CalendarDate(parts[0])), try #require(ClockTime(parts[1])))
}

func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

extension MockMarket {
    /// A market in which it is a certain time.
    static func at(_ now: Timestamp, seed: UInt64 = 1, hours: Hours = .always) -> MockMarket {
        MockMarket(seed: seed, hours: hours, clock: { now })
    }
}

extension Symbol {
    static let nifty = Symbol(exchange: "NSE", ticker: "NIFTY")
    static let bankNifty = Symbol(exchange: "NSE", ticker: "BANKNIFTY")
    static let indiaVIX = Symbol(exchange: "NSE", ticker: "INDIAVIX")
    static let niftyFuture = Symbol(exchange: "NSE", ticker: "NIFTY1!")
}

public import Foundation

/// The time zones of exchanges, for times that people write without a zone.
public enum ExchangeZone {
    /// The zone of an exchange by its prefix, such as `NSE`; `nil` for one that is not known here.
    public static func zone(of exchange: String) -> TimeZone? {
        names[exchange].flatMap(TimeZone.init(identifier:))
    }

    private static let names: [String: String] = [
        "NSE": "Asia/Kolkata", "BSE": "Asia/Kolkata", "MCX": "Asia/Kolkata", "NCDEX": "Asia/Kolkata",
        "NASDAQ": "America/New_York", "NYSE": "America/New_York", "AMEX": "America/New_York",
        "BATS": "America/New_York", "ARCA": "America/New_York", "OTC": "America/New_York",
        "CME": "America/Chicago", "CME_MINI": "America/Chicago", "CBOT": "America/Chicago",
        "COMEX": "America/New_York", "NYMEX": "America/New_York", "SP": "America/New_York", "DJ": "America/New_York",
        "LSE": "Europe/London", "XETR": "Europe/Berlin", "EURONEXT": "Europe/Paris", "SIX": "Europe/Zurich",
        "TSE": "Asia/Tokyo", "HKEX": "Asia/Hong_Kong", "SSE": "Asia/Shanghai", "SZSE": "Asia/Shanghai",
        "KRX": "Asia/Seoul", "SGX": "Asia/Singapore", "ASX": "Australia/Sydney",
        "BINANCE": "Etc/UTC", "COINBASE": "Etc/UTC", "BITSTAMP": "Etc/UTC", "KRAKEN": "Etc/UTC", "BYBIT": "Etc/UTC",
    ]
}

public import Foundation

/// The time zones of exchanges, for times that people write without a zone.
public enum ExchangeZone {
    /// The zone of an exchange by its prefix, such as `NSE`; `nil` for one that is not known here.
    public static func zone(of exchange: String) -> TimeZone? {
        names[exchange].flatMap(TimeZone.init(identifier:))
    }

    static let names: [String: String] = [
        "NSE": "Asia/Kolkata", "BSE": "Asia/Kolkata", "MCX": "Asia/Kolkata", "NCDEX": "Asia/Kolkata",
        "NSEIX": "Asia/Kolkata",
        "NASDAQ": "America/New_York", "NYSE": "America/New_York", "AMEX": "America/New_York",
        "BATS": "America/New_York", "ARCA": "America/New_York", "OTC": "America/New_York",
        "COMEX": "America/New_York", "NYMEX": "America/New_York", "ICEUS": "America/New_York",
        "SP": "America/New_York", "DJ": "America/New_York",
        "CME": "America/Chicago", "CME_MINI": "America/Chicago", "CBOT": "America/Chicago",
        "CBOT_MINI": "America/Chicago", "CBOE": "America/Chicago",
        "TSX": "America/Toronto", "TSXV": "America/Toronto", "BMFBOVESPA": "America/Sao_Paulo",
        "LSE": "Europe/London", "ICEEUR": "Europe/London", "XETR": "Europe/Berlin", "EUREX": "Europe/Berlin",
        "EURONEXT": "Europe/Paris", "SIX": "Europe/Zurich", "MIL": "Europe/Rome", "BME": "Europe/Madrid",
        "OMXSTO": "Europe/Stockholm", "OMXHEX": "Europe/Helsinki", "OMXCOP": "Europe/Copenhagen",
        "BIST": "Europe/Istanbul", "MOEX": "Europe/Moscow", "JSE": "Africa/Johannesburg", "TADAWUL": "Asia/Riyadh",
        "TSE": "Asia/Tokyo", "OSE": "Asia/Tokyo", "HKEX": "Asia/Hong_Kong", "SSE": "Asia/Shanghai",
        "SZSE": "Asia/Shanghai", "KRX": "Asia/Seoul", "TWSE": "Asia/Taipei", "TPEX": "Asia/Taipei",
        "SGX": "Asia/Singapore", "SET": "Asia/Bangkok", "IDX": "Asia/Jakarta", "MYX": "Asia/Kuala_Lumpur",
        "ASX": "Australia/Sydney", "NZX": "Pacific/Auckland",
        // Currencies change their day at five in the afternoon in New York.
        "FX": "America/New_York", "FX_IDC": "America/New_York", "OANDA": "America/New_York",
        "BINANCE": "Etc/UTC", "COINBASE": "Etc/UTC", "BITSTAMP": "Etc/UTC", "KRAKEN": "Etc/UTC", "BYBIT": "Etc/UTC",
        "BITFINEX": "Etc/UTC", "OKX": "Etc/UTC", "KUCOIN": "Etc/UTC", "BITGET": "Etc/UTC", "GEMINI": "Etc/UTC",
        "DERIBIT": "Etc/UTC", "BITMEX": "Etc/UTC", "CRYPTOCAP": "Etc/UTC", "CRYPTO": "Etc/UTC",
    ]
}

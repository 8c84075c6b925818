/// What the name of a futures or options contract says, as TradingView, brokers and NSE write it.
///
/// TradingView: `NIFTYZ2026` (month letter and year), `NIFTY1!` (continuous), `NIFTY251230C26000` (YYMMDD, side,
/// strike). Brokers and NSE: `NIFTY26DECFUT`, `NIFTY30DEC26FUT`, `NIFTY26DEC26000CE`, `NIFTY26D0126000PE` (weekly:
/// year, month as `1`-`9`, `O`, `N` or `D`, day), `NIFTY30DEC2626000CE`.
public struct ContractName: Hashable, Sendable {
    /// What kind of contract it is.
    public enum Kind: Hashable, Sendable {
        /// A chain of futures, each following the last.
        case continuous
        /// A future with an expiry.
        case future
        /// A call or a put.
        case option
    }

    /// The kind of contract.
    public let kind: Kind
    /// The name of the underlying, such as `NIFTY`.
    public let root: String

    /// Reads a ticker such as `NIFTYZ2026`; `nil` if it does not name a contract, such as `NIFTY200MOMENTM30`.
    public init?(_ ticker: String) {
        let text = Array(ticker.utf8)
        guard text.count >= 3, text.count <= 64 else { return nil }
        let found: (Kind, Int)? =
            ContractName.continuousRoot(text).map { (.continuous, $0) }
            ?? ContractName.futureRoot(text).map { (.future, $0) }
            ?? ContractName.optionRoot(text).map { (.option, $0) }
        guard let found, found.1 > 0 else { return nil }
        kind = found.0
        root = String(decoding: text[..<found.1], as: UTF8.self)
    }

    /// The length of the part before `1!`.
    private static func continuousRoot(_ text: [UInt8]) -> Int? {
        guard text.last == UInt8(ascii: "!") else { return nil }
        let digits = text.dropLast().reversed().prefix { isDigit($0) }.count
        return (1...2).contains(digits) ? text.count - 1 - digits : nil
    }

    /// The length of the part before `Z2026`, `26DECFUT` or `30DEC26FUT`.
    private static func futureRoot(_ text: [UInt8]) -> Int? {
        if let year = number(text.suffix(4)), (1990...2099).contains(year), text.count > 5,
            monthLetters.contains(text[text.count - 5])
        {
            return text.count - 5
        }
        guard text.count > 8, text.suffix(3) == ArraySlice("FUT".utf8) else { return nil }
        return rootBeforeDate(text, end: text.count - 3)
    }

    /// The length of the part before `251230C26000`, or before the date and the strike that `CE` or `PE` ends.
    private static func optionRoot(_ text: [UInt8]) -> Int? {
        if text.suffix(2) == ArraySlice("CE".utf8) || text.suffix(2) == ArraySlice("PE".utf8) {
            return rootBeforeStrike(text, end: text.count - 2)
        }
        let strike = text.reversed().prefix { isDigit($0) || $0 == UInt8(ascii: ".") }.count
        let side = text.count - strike - 1
        guard strike > 0, side > 6, text[side] == UInt8(ascii: "C") || text[side] == UInt8(ascii: "P"),
            let date = number(text[(side - 6)..<side]), isDay(date / 10_000, date / 100 % 100, date % 100)
        else { return nil }
        return side - 6
    }

    /// Where a date of brokers ends `end`: `26DEC`, `30DEC26`.
    private static func rootBeforeDate(_ text: [UInt8], end: Int) -> Int? {
        if end > 7, let day = number(text[(end - 7)..<(end - 5)]), let month = month(text[(end - 5)..<(end - 2)]),
            let year = number(text[(end - 2)..<end]), isDay(year, month, day)
        {
            return end - 7
        }
        guard end > 5, month(text[(end - 3)..<end]) != nil, number(text[(end - 5)..<(end - 3)]) != nil else {
            return nil
        }
        return end - 5
    }

    /// The strike's own digits cannot be distinguished from the date's, so every place is tried, the shortest name
    /// first.
    private static func rootBeforeStrike(_ text: [UInt8], end: Int) -> Int? {
        let isStrike = { (from: Int) in
            from < end && text[from..<end].allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") } && isDigit(text[from])
        }
        for date in 1..<max(1, end) where isDigit(text[date]) {
            for length in [5, 7] where isStrike(date + length) {
                if rootBeforeDate(text, end: date + length) == date { return date }
            }
            // A weekly expiry: year, month in one character, day.
            guard isStrike(date + 5), let year = number(text[date..<(date + 2)]),
                let day = number(text[(date + 3)..<(date + 5)])
            else { continue }
            let month = weeklyMonths.firstIndex(of: text[date + 2]).map { $0 + 1 }
            if let month, isDay(year, month, day) { return date }
        }
        return nil
    }

    private static let monthLetters = Set("FGHJKMNQUVXZ".utf8)
    private static let weeklyMonths = Array("123456789OND".utf8)
    private static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        guard !text.isEmpty, text.allSatisfy(isDigit) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    private static func month(_ text: ArraySlice<UInt8>) -> Int? {
        months.firstIndex(of: String(decoding: text, as: UTF8.self)).map { $0 + 1 }
    }

    private static func isDay(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        CalendarDate(year: 2000 + year, month: month, day: day) != nil
    }
}

import MarketData

/// A month in which a contract expires.
struct FuturesMonth: Hashable, Sendable {
    private static let letters = ["F", "G", "H", "J", "K", "M", "N", "Q", "U", "V", "X", "Z"]
    private let number: Int

    init(of date: CalendarDate) { number = date.parts.year * 12 + date.parts.month - 1 }

    /// The month of a ticker's end, `X2026`; `nil` for another text.
    init?(code: some StringProtocol) {
        guard code.utf8.count == 5, let letter = code.first, let year = Int(code.dropFirst()), year >= 2000,
            let month = FuturesMonth.letters.firstIndex(of: String(letter))
        else { return nil }
        number = year * 12 + month
    }

    private init(number: Int) { self.number = number }

    var next: FuturesMonth { advanced(by: 1) }

    func advanced(by months: Int) -> FuturesMonth { FuturesMonth(number: number + months) }

    func expiry(_ options: OptionListing) -> CalendarDate {
        options.monthlyExpiry(year: number / 12, month: number % 12 + 1)
    }

    /// As tickers have it: `X2026` for November 2026.
    var code: String { "\(FuturesMonth.letters[number % 12])\(number / 12)" }
}

import MarketData

/// `fo_mktlots.csv`: the lot of each underlying by the month in which the contract expires. Fields are padded with spaces,
/// and a second header stands above the shares.
struct MarketLotsFile {
    /// The first month told of is that of this day.
    let today: CalendarDate

    private static let months = 3
    private static let indices: Set<String> = ["NIFTY", "BANKNIFTY", "FINNIFTY", "MIDCPNIFTY", "NIFTYNXT50"]

    var text: String {
        let listed = OptionListing.symbols.filter { $0.exchange == "NSE" }
        let indices = listed.filter { MarketLotsFile.indices.contains($0.ticker) }
        let shares = listed.filter { !MarketLotsFile.indices.contains($0.ticker) }
        let lines =
            [line("UNDERLYING", "SYMBOL", expiries.map(month))] + indices.map(line)
            + [line("Derivatives on Individual Securities", "Symbol", expiries.map(month))] + shares.map(line)
        return lines.joined(separator: "\n") + "\n"
    }

    /// The monthly expiries of this month and the next ones.
    private var expiries: [(year: Int, month: Int)] {
        let (year, month, _) = today.parts
        return (0..<MarketLotsFile.months).map { later in
            let number = year * 12 + month - 1 + later
            return (number / 12, number % 12 + 1)
        }
    }

    private func month(_ expiry: (year: Int, month: Int)) -> String {
        "\(EnglishMonths.name(expiry.month).uppercased())-\(expiry.year % 100)"
    }

    private func line(_ symbol: Symbol) -> String {
        guard let options = OptionListing.of(symbol) else { return "" }
        let lots = expiries.map {
            "\(options.lotSize(expiring: options.monthlyExpiry(year: $0.year, month: $0.month)))"
        }
        return line(symbol.ticker, symbol.ticker, lots)
    }

    private func line(_ name: String, _ code: String, _ rest: [String]) -> String {
        ([padded(name, 40), padded(code, 11)] + rest.map { padded($0, 11) }).joined(separator: ",")
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

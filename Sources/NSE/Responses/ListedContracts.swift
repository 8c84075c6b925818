import JSON
import MarketData
import SourceHTTP

/// What the site lists of an underlying's options: `{"expiryDates": ["14-Jul-2026", ...], "strikePrice": ["1500",
/// ...]}` of NextApi's `getOptionChainDropdown` and of `option-chain-contract-info` alike.
struct ListedContracts: Hashable, Sendable {
    /// The code under which the site knows the underlying.
    let code: String
    /// Nearest first, each once.
    let expiries: [CalendarDate]
    /// How many strikes are listed over all expiries, which is more than most single ones have; `nil` if the site does
    /// not say.
    let strikes: Int?

    /// Reads a response; every expiry must be a date and every strike a price.
    init(_ response: JSONFields, code: String) throws(ChainFault) {
        let dates = try ChainFault.naming { () throws(UnreadableField) in try response.list("expiryDates") }
        guard let dates else { throw .missingRecords(response.path(of: "expiryDates")) }
        self.code = code
        (expiries, strikes) = try ChainFault.naming { () throws(UnreadableField) in
            (try ListedContracts.dates(dates, response), try response.strikes("strikePrice"))
        }
    }

    private static func dates(_ items: [JSONValue], _ response: JSONFields) throws(UnreadableField) -> [CalendarDate] {
        var dates: Set<CalendarDate> = []
        for item in items {
            guard case .string(let text) = item, let date = SourceDate.date(text) else {
                throw UnreadableField(
                    response.path(of: "expiryDates"), "expected dates such as 14-Jul-2026, found \(item.brief)")
            }
            dates.insert(date)
        }
        return dates.sorted()
    }

}

extension JSONFields {
    /// How many different strikes a list has; `nil` if there is none. The prices are text in most responses and numbers
    /// in some.
    func strikes(_ name: String) throws(UnreadableField) -> Int? {
        guard let items = try list(name), !items.isEmpty else { return nil }
        var strikes: Set<Strike> = []
        for item in items {
            let strike: Strike? =
                switch item {
                case .string(let text): Strike(text)
                case .integer(let number): Strike(Double(number))
                case .number(let number): Strike(number)
                default: nil
                }
            guard let strike else {
                throw UnreadableField(path(of: name), "expected strike prices, found \(item.brief)")
            }
            strikes.insert(strike)
        }
        return strikes.count
    }
}

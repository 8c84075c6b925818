import MarketData

/// How the paths of single contracts name an expiry: by date and by rank among those listed.
enum ExpiryRank: String {
    case near, next, far

    /// The rank of an expiry in a list, nearest first: the third and every later one is far. `nil` for one that is not
    /// listed.
    init?(_ expiry: CalendarDate, in listed: [CalendarDate]) {
        guard let place = listed.firstIndex(of: expiry) else { return nil }
        switch place {
        case 0: self = .near
        case 1: self = .next
        default: self = .far
        }
    }

    /// `27-jan-2026-near`, the day with two digits.
    func path(_ expiry: CalendarDate) -> String {
        let (year, month, day) = expiry.parts
        return "\(day < 10 ? "0" : "")\(day)-\(ExpiryRank.months[month - 1])-\(year)-\(rawValue)"
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
}

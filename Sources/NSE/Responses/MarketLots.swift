import JSON
import MarketData
import SourceHTTP

/// The exchange's list of lots, `fo_mktlots.csv`: shares a contract by underlying and month of expiry, as of the day it
/// was read.
///
/// Columns after the code are months such as `JAN-26`; a second header is above the shares, and a field without a
/// number means that no contract expires then.
struct MarketLots: Hashable, Sendable {
    /// A month of a year, counted from the year 0.
    typealias Month = Int

    private let sizes: [String: [Month: Int]]

    /// Reads the file.
    /// - Throws: `UnreadableField` for any other file.
    init(csv: [UInt8]) throws(UnreadableField) {
        if csv.first == UInt8(ascii: "<") { throw UnreadableField("file", "expected a csv file, found a web page") }
        var months: [Month?] = []
        var sizes: [String: [Month: Int]] = [:]
        for line in csv.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(MarketLots.text)
            guard fields.count >= 3 else { continue }
            if fields[1].uppercased() == "SYMBOL" {
                months = fields.dropFirst(2).map(MarketLots.month)
                continue
            }
            for (month, field) in zip(months, fields.dropFirst(2)) {
                guard let month, let size = Int(field), size > 0 else { continue }
                sizes[fields[1], default: [:]][month] = size
            }
        }
        guard !sizes.isEmpty else { throw UnreadableField("file", "not a single lot under a month such as JAN-26") }
        self.sizes = sizes
    }

    /// Shares in a contract that expires on a day; `nil` if the file does not list that month.
    func size(of code: String, expiring date: CalendarDate) -> Int? {
        let (year, month, _) = date.parts
        return sizes[code]?[year * 12 + month - 1]
    }

    /// How many underlyings the file has.
    var count: Int { sizes.count }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field, as: UTF8.self).filter { !$0.isWhitespace && $0 != "\"" }
    }

    /// `JAN-26`, and the year in four values too.
    private static func month(_ text: String) -> Month? {
        let parts = text.split(separator: "-")
        guard parts.count == 2, let number = months.firstIndex(of: parts[0].prefix(3).uppercased()),
            let year = Int(parts[1]), parts[1].utf8.count == 2 || parts[1].utf8.count == 4
        else { return nil }
        return (year < 100 ? year + 2000 : year) * 12 + number
    }

    private static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
}

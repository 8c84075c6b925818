import MarketData

/// A file of NSE's archive, as the path of a GET.
struct ArchiveFile: Hashable, Sendable {
    /// From the root of the archive.
    let path: String
    /// As messages call it.
    let words: String

    /// A day's file of every contract on futures and options, zipped.
    static func bhavcopy(of date: CalendarDate) -> ArchiveFile {
        let words = "the F&O bhavcopy of \(date)"
        let (year, month, day) = date.parts
        switch BhavcopyFormat(of: date) {
        case .udiff:
            let digits = date.description.filter { $0 != "-" }
            return ArchiveFile(path: "/content/fo/BhavCopy_NSE_FO_0_0_0_\(digits)_F_0000.csv.zip", words: words)
        case .historical:
            let name = months[month - 1]
            let number = "\(day < 10 ? "0" : "")\(day)"
            return ArchiveFile(
                path: "/content/historical/DERIVATIVES/\(year)/\(name)/fo\(number)\(name)\(year)bhav.csv.zip",
                words: words)
        }
    }

    /// The lots of every underlying, as of now.
    static let marketLots = ArchiveFile(path: "/content/fo/fo_mktlots.csv", words: "the list of lots")

    private static let months = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ]
}

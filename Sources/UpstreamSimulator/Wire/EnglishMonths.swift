/// The months as Trendlyne and NSE abbreviate them.
enum EnglishMonths {
    private static let names = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// 1 to 12, whatever the case; `nil` for what is none.
    static func number(_ name: some StringProtocol) -> Int? {
        names.firstIndex { $0.lowercased() == name.lowercased() }.map { $0 + 1 }
    }

    /// `Jan` for 1.
    static func name(_ number: Int) -> String { names[number - 1] }
}

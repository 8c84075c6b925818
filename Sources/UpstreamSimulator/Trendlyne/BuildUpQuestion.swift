import MarketData

/// What `fno/buildup-5/27-jan-2026-near/NIFTY/` asks: one contract's intervals of the present day.
struct BuildUpQuestion: Equatable, Sendable {
    /// Which contract.
    enum Contract: Equatable, Sendable {
        case future
        case option(Strike, OptionType)
    }

    let minutes: Int
    let expiry: CalendarDate
    let code: String
    let contract: Contract

    /// Reads a path below the root, with a closing slash, and its query; `nil` for what is no such question.
    init?(path: String, query: [String: String]) {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count == 4, parts[0] == "fno", let minutes = BuildUpQuestion.lengths[parts[1]],
            let expiry = BuildUpQuestion.expiry(parts[2]),
            let contract = BuildUpQuestion.contract(query)
        else { return nil }
        self.minutes = minutes
        self.expiry = expiry
        code = parts[3]
        self.contract = contract
    }

    /// Whether a path is one of these pages, readable or not.
    static func isAsked(_ path: String) -> Bool { lengths.keys.contains { path.hasPrefix("fno/\($0)/") } }

    private static let lengths = ["buildup-5": 5, "buildup-15": 15]
    private static let ranks: Set<String> = ["near", "next", "far"]

    /// `27-jan-2026-near`; which rank is said is not looked at.
    private static func expiry(_ text: String) -> CalendarDate? {
        let parts = text.split(separator: "-").map(String.init)
        guard parts.count == 4, ranks.contains(parts[3]), let day = Int(parts[0]), let year = Int(parts[2]),
            let month = EnglishMonths.number(parts[1])
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    private static func contract(_ query: [String: String]) -> Contract? {
        switch query["fno_mtype"] {
        case "futures": return .future
        case "options":
            guard let strike = query["strikePrice"].flatMap({ Strike($0) }) else { return nil }
            switch query["option_type"] {
            case "call": return .option(strike, .call)
            case "put": return .option(strike, .put)
            default: return nil
            }
        default: return nil
        }
    }
}

/// What the columns of a file of bars, or the names in its JSON, mean: our own names and those that other programs
/// write, in any case.
struct BarFileColumns {
    /// What a column holds.
    enum Role: Int, CaseIterable {
        case time, open, high, low, close, volume, final, openInterest, symbol

        var name: String { self == .openInterest ? "openInterest" : "\(self)" }
    }

    static let needed: [Role] = [.time, .open, .high, .low, .close]

    /// `time` also under pandas' `date` and `datetime` and the empty name of its index.
    private static let roles: [String: Role] = [
        "time": .time, "date": .time, "datetime": .time, "timestamp": .time, "": .time,
        "open": .open, "o": .open, "high": .high, "h": .high, "low": .low, "l": .low, "close": .close, "c": .close,
        "volume": .volume, "vol": .volume, "v": .volume, "final": .final, "isfinal": .final,
        "openinterest": .openInterest, "oi": .openInterest, "symbol": .symbol, "ticker": .symbol,
    ]

    /// What exported rows say of where a bar came from; the file itself is its origin from now on.
    private static let passedOver: Set<String> = ["source", "feed", "mode", "delayseconds", "asof", "tradingday"]

    /// What each column holds, in the file's order; `nil` for what is passed over.
    let roles: [Role?]

    /// Reads a header.
    /// - Throws: `Fault` for a name that is not known, is there twice, or is missing.
    init(header: [Substring]) throws(Fault) {
        var roles: [Role?] = []
        for name in header {
            let role = try BarFileColumns.role(of: String(name))
            if let role, roles.contains(role) { throw Fault("a second column of \(role.name): '\(name)'") }
            roles.append(role)
        }
        if let lacking = BarFileColumns.needed.first(where: { !roles.contains($0) }) {
            throw Fault("the column '\(lacking.name)' is missing; the header is time,open,high,low,close,volume,final")
        }
        self.roles = roles
    }

    /// What a name means; `nil` where it is to be passed over.
    /// - Throws: `Fault` for a name that is not known.
    static func role(of name: String) throws(Fault) -> Role? {
        let plain = name.lowercased().filter { $0 != "_" && $0 != " " }
        if let role = roles[plain] { return role }
        guard passedOver.contains(plain) else {
            throw Fault("the column '\(name)' is not known; take it out, or name it as time,open,high,low,close,volume")
        }
        return nil
    }

    /// What is wrong with a line.
    struct Fault: Error {
        let words: String

        init(_ words: String) { self.words = words }
    }
}

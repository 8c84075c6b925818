/// What a column of a file of bars holds.
enum ImportRole: String, CaseIterable {
    case time, open, high, low, close, volume, openInterest, final, symbol

    static let prices: [ImportRole] = [.open, .high, .low, .close]
}

/// Which column holds what, by the names in a file's header or by `--columns`.
struct ImportColumns {
    /// The columns that may hold the time, or the date or the clock of it, the likeliest first.
    let times: [Int]
    private let indices: [ImportRole: Int]
    /// The names of the columns that are not read.
    let ignored: [String]
    /// Whether the name of a time's column says that it is UTC.
    let utc: Set<Int>
    /// The columns that may hold the time or count the rows, as the index of pandas does.
    let indexes: Set<Int>

    /// The column of a role; `nil` if there is none.
    subscript(_ role: ImportRole) -> Int? { indices[role] }

    /// Reads the header of a file.
    /// - Parameters:
    ///   - header: For each column the names over it, the topmost first.
    ///   - names: Whether a name means the symbol that is read.
    ///   - spec: What `--columns` says.
    /// - Throws: `ImportFault` for a column that is missing or there twice.
    init(
        header: [[String]], spec: ColumnSpec? = nil, names: (String) -> Bool = { _ in false }
    ) throws(ImportFault) {
        let count = header.map(\.count).max() ?? 0
        let stacks = (0..<count).map { column in header.compactMap { $0.indices.contains(column) ? $0[column] : nil } }
        var candidates: [ImportRole: [(index: Int, rank: Int)]] = [:]
        var unread: [String] = []
        var utc: Set<Int> = []
        var indexes: Set<Int> = []
        for (index, stack) in stacks.enumerated() {
            guard let (role, rank) = try ImportColumns.role(of: stack, at: index, spec) else {
                if let name = stack.first(where: { !$0.isEmpty }), !ImportColumns.isSilent(name) { unread.append(name) }
                continue
            }
            candidates[role, default: []].append((index, rank))
            guard role == .time else { continue }
            if stack.contains(where: ImportColumns.saysUTC) { utc.insert(index) }
            let isIndex = stack.allSatisfy { ImportColumns.indexNames.contains(ImportColumns.plain($0)) }
            if isIndex { indexes.insert(index) }
        }
        self.indexes = indexes
        try spec?.check(candidates.mapValues { $0.map(\.index) })
        times = (candidates.removeValue(forKey: .time) ?? []).sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }
            .map(\.index)
        var indices: [ImportRole: Int] = [:]
        for (role, found) in candidates {
            let best = found.filter { $0.rank == found.map(\.rank).min() }
            var chosen = best.map(\.index)
            // A file of several symbols names the symbol above each column.
            if chosen.count > 1 { chosen = chosen.filter { stacks[$0].contains(where: names) } }
            guard chosen.count == 1 else {
                let names = best.map { stacks[$0.index].joined(separator: " ") }
                throw ImportFault(
                    "several columns of \(role.rawValue): \(names.prefix(8).joined(separator: ", ")); use --columns "
                        + (Set(names).count == 1
                            ? "with the columns in order, - for one to skip: --columns time,open,high,low,close,volume,-"
                            : "'\(role.rawValue)=\(stacks[best[0].index].last ?? "")'"))
            }
            indices[role] = chosen[0]
        }
        self.indices = indices
        self.utc = utc
        ignored = unread
        let missing = ImportRole.prices.filter { indices[$0] == nil }.map(\.rawValue) + (times.isEmpty ? ["time"] : [])
        guard missing.isEmpty else {
            throw ImportFault(
                "no column for \(missing.joined(separator: ", ")) among "
                    + "\(stacks.compactMap(\.first).prefix(20).joined(separator: ", ")); use --columns, for example "
                    + "--columns 'time=Date,close=LTP'")
        }
    }

    /// Whether a row may be a header: it names a close and another price.
    static func isHeader(_ fields: [String]) -> Bool {
        let roles = Set(fields.compactMap { known[plain($0)]?.role })
        return roles.contains(.close) && !roles.isDisjoint(with: [.open, .high, .low])
    }

    private static func role(
        of stack: [String], at index: Int, _ spec: ColumnSpec?
    ) throws(ImportFault) -> (role: ImportRole, rank: Int)? {
        if let role = spec?.role(ofNames: stack) { return (role, -1) }
        let names = stack.map(plain).filter { !$0.isEmpty }
        // pandas leaves its index without a name.
        if names.isEmpty { return index == 0 ? (.time, 99) : nil }
        let found = names.compactMap { known[$0] }
        // pandas writes the name of its columns over the index: 'Price' there is not a price.
        if names.count > 1, let time = found.first(where: { $0.role == .time }) { return time }
        return found.first
    }

    /// What a name means, and how far it is from the plainest name of it.
    private static let known: [String: (role: ImportRole, rank: Int)] = {
        let names: [ImportRole: [String]] = [
            .time: [
                "datetime", "timestamp", "time", "date", "dateandtime", "datetimeutc", "timestamputc", "timeutc",
                "opentime", "starttime", "bartime", "candletime", "gmttime", "localtime", "tradedate", "tradingdate",
                "tradetime", "historicaldate", "date1", "unix", "unixtime", "epoch", "windowstart", "tsevent",
                "timeopen",
                "chtimestamp", "eodtimestamp", "index", "unnamed0", "ts", "t", "dt", "day",
            ],
            .open: ["open", "openprice", "o", "openingprice", "chopeningprice", "eodopenindexval"],
            .high: ["high", "highprice", "h", "dayhigh", "chtradehighprice", "eodhighindexval"],
            .low: ["low", "lowprice", "l", "daylow", "chtradelowprice", "eodlowindexval"],
            .close: [
                "close", "closeprice", "c", "closingprice", "chclosingprice", "eodcloseindexval", "price", "closelast",
                "last", "ltp",
            ],
            .volume: [
                "volume", "vol", "v", "sharestraded", "noofshares", "totaltradedquantity", "ttltrdqnty", "tottrdqty",
                "tradedquantity", "tradedqty", "volumetraded", "totalvolume", "chtottradedqty", "quantity", "qty",
            ],
            .openInterest: ["openinterest", "oi", "openint"], .final: ["final", "isfinal"],
            .symbol: ["symbol", "ticker", "tradingsymbol", "chsymbol"],
        ]
        var known: [String: (role: ImportRole, rank: Int)] = [:]
        for (role, spellings) in names {
            for (rank, name) in spellings.enumerated() { known[name] = (role, rank) }
        }
        return known
    }()

    /// The names that pandas gives an index.
    private static let indexNames: Set<String> = ["", "index", "unnamed0"]

    /// What exported rows say of where a bar came from; the file itself is its origin from now on.
    private static let silent: Set<String> = [
        "source", "feed", "mode", "delayseconds", "asof", "tradingday", "ignored",
    ]

    private static func isSilent(_ name: String) -> Bool { silent.contains(plain(name)) }

    private static func saysUTC(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.contains("utc") || name.contains("gmt")
    }

    /// A name without case, signs, remarks in brackets, and the numbers that Alpha Vantage puts before it.
    static func plain(_ name: String) -> String {
        var text = name.lowercased()[...]
        if let bracket = text.firstIndex(of: "("), bracket > text.startIndex { text = text[..<bracket] }
        let number = text.prefix(while: \.isNumber)
        if !number.isEmpty, text.dropFirst(number.count).hasPrefix(". ") { text = text.dropFirst(number.count + 2) }
        return text.filter { $0.isLetter || $0.isNumber }
    }
}

/// What `--columns` says: the columns in their order (`time,open,high,low,close,-,volume`), or which name means what
/// (`close=LTP,volume=Traded Qty`).
struct ColumnSpec: Hashable {
    /// In the file's order; `nil` for a column that is not read.
    private(set) var order: [ImportRole?]?
    private var names: [String: ImportRole] = [:]

    /// - Throws: `ImportFault`, naming what is wrong.
    init(_ text: String) throws(ImportFault) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { ColumnSpec.trimmed($0) }
        guard parts.contains(where: { $0.contains("=") }) else {
            var order: [ImportRole?] = []
            for part in parts { order.append(part.isEmpty || part == "-" ? nil : try ColumnSpec.role(part)) }
            guard ImportRole.prices.allSatisfy({ order.contains($0) }), order.contains(.time) else {
                throw ImportFault(
                    "--columns must name time, open, high, low and close, for example time,open,high,low,close,volume")
            }
            self.order = order
            return
        }
        for part in parts {
            let sides = part.split(separator: "=", maxSplits: 1).map { ColumnSpec.trimmed($0) }
            guard sides.count == 2 else {
                throw ImportFault("--columns '\(part)' is not of the form role=name, for example close=LTP")
            }
            names[ImportColumns.plain(sides[1])] = try ColumnSpec.role(sides[0])
        }
    }

    /// Whether a column of this name is requested.
    func names(_ name: String) -> Bool { names[ImportColumns.plain(name)] != nil }

    func role(ofNames stack: [String]) -> ImportRole? {
        stack.lazy.compactMap { names[ImportColumns.plain($0)] }.first
    }

    /// - Throws: `ImportFault` where a column that is named is not there.
    func check(_ found: [ImportRole: [Int]]) throws(ImportFault) {
        for (name, role) in names where found[role] == nil {
            throw ImportFault("no column is called '\(name)', which --columns names for \(role.rawValue)")
        }
    }

    /// The header that the order means.
    var header: [String]? { order?.map { $0?.rawValue ?? "ignored" } }

    private static func role(_ name: String) throws(ImportFault) -> ImportRole {
        let plain = ImportColumns.plain(name)
        let short: [String: ImportRole] = ["date": .time, "datetime": .time, "oi": .openInterest, "clock": .time]
        if let role = ImportRole.allCases.first(where: { $0.rawValue.lowercased() == plain }) ?? short[plain] {
            return role
        }
        throw ImportFault(
            "--columns '\(name)' is not a role; use \(ImportRole.allCases.map(\.rawValue).joined(separator: ", ")), or - "
                + "for a column to skip")
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

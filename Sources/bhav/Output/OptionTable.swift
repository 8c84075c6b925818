import Foundation
import MarketData

/// A chain as people read it: calls on the left, the strike in the middle, puts on the right.
struct OptionTable {
    private struct Column {
        let heading: String
        /// Which columns stay where the terminal is narrow: the lowest.
        let rank: Int
        let text: (OptionStrike, OptionType) -> String?
    }

    private let snapshot: OpenInterestSnapshot
    /// From the outer edge to the strike.
    private let columns: [Column]
    /// The rank of the put-call ratio, which has no pair.
    private static let ratioRank = 3

    /// Open interest with what is known beside it; columns of which nothing is known are left out.
    init(_ snapshot: OpenInterestSnapshot) {
        self.init(snapshot, OptionTable.values(snapshot, changeRank: 0))
    }

    /// The same with implied volatilities and greeks.
    init(_ snapshot: OpenInterestSnapshot, _ analysis: ChainAnalysis) {
        let rows = analysis.greeks.value?.strikes ?? []
        let greeks = Dictionary(rows.map { ($0.strike, $0) }, uniquingKeysWith: { first, _ in first })
        func column(_ heading: String, _ rank: Int, _ digits: Int, _ value: @escaping (OptionGreeks) -> Double)
            -> Column
        {
            Column(heading: heading, rank: rank) { row, type in
                greeks[row.strike]?[type].value.map { value($0).rounded(to: digits) }
            }
        }
        self.init(
            snapshot,
            OptionTable.values(snapshot, changeRank: 5) + [
                column("IV", 4, 2, \.impliedVolatility), column("delta", 2, 3, \.delta), column("gamma", 9, 6, \.gamma),
                column("theta", 7, 2, \.theta), column("vega", 8, 2, \.vega),
            ])
    }

    private init(_ snapshot: OpenInterestSnapshot, _ columns: [Column]) {
        self.snapshot = snapshot
        let grouping = NumberGrouping(of: ExchangeZone.zone(of: snapshot.symbol.exchange))
        let price = Column(heading: "last", rank: 1) { $0[$1]?.last.map(grouping.text) }
        self.columns = (columns + [price]).filter { column in
            snapshot.strikes.contains { row in OptionType.allCases.contains { column.text(row, $0) != nil } }
        }
    }

    private static func values(_ snapshot: OpenInterestSnapshot, changeRank: Int) -> [Column] {
        let grouping = NumberGrouping(of: ExchangeZone.zone(of: snapshot.symbol.exchange))
        return [
            Column(heading: "build-up", rank: 6) { row, type in row[type]?.buildUp.value.map(words) },
            Column(heading: "volume", rank: 5) { $0[$1]?.volume.map(grouping.text) },
            Column(heading: "change", rank: changeRank) { $0[$1]?.change.map(grouping.text) },
            Column(heading: "OI", rank: 0) { $0[$1]?.openInterest.map(grouping.text) },
            Column(heading: "source IV", rank: 10) { $0[$1]?.impliedVolatility?.shortest },
        ]
    }

    private static func words(_ buildUp: BuildUp) -> String {
        buildUp.rawValue.replacing("_", with: " ")
    }

    /// The table, a line a strike; the strike at the money is marked.
    ///
    /// Columns that do not fit the width are left out, and a line below says so, as it does of rows that are not shown.
    func text(_ rows: Range<Int>? = nil, width: Int = Console.width, withRemarks: Bool = true) -> String {
        let rows = rows ?? snapshot.strikes.indices
        var (shown, withRatio) = (columns, true)
        var table = table(shown, rows, withRatio)
        while table.width > width, shown.count > 1, let last = shown.map(\.rank).max() {
            if withRatio, last < OptionTable.ratioRank {
                withRatio = false
            } else {
                shown.removeAll { $0.rank == last }
            }
            table = self.table(shown, rows, withRatio)
        }
        guard withRemarks else { return table.text() }
        var remarks: [String] = []
        if rows.count < snapshot.strikes.count {
            remarks.append("\(rows.count) of \(snapshot.strikes.count) strikes; --strikes all shows all")
        }
        let hidden = columns.map(\.heading).filter { heading in !shown.contains { $0.heading == heading } }
        if !hidden.isEmpty { remarks.append("too wide to show: \(hidden.joined(separator: ", "))") }
        return table.text() + remarks.map { "(\($0))\n" }.joined()
    }

    private func table(_ columns: [Column], _ rows: Range<Int>, _ withRatio: Bool) -> TextTable {
        let headings = columns.map(\.heading)
        let atTheMoney = snapshot.atTheMoney
        var table = TextTable(
            headings.map { ("call \($0)", .right) } + [("strike", .right)]
                + headings.reversed().map { ("put \($0)", .right) } + (withRatio ? [("PCR", .right)] : []))
        for row in snapshot.strikes[rows] {
            let calls = columns.map { $0.text(row, .call) ?? "-" }
            let puts = columns.reversed().map { $0.text(row, .put) ?? "-" }
            let strike = row.strike == atTheMoney ? "> \(row.strike)" : "\(row.strike)"
            let ratio = withRatio ? [row.putCallRatio.value?.rounded(to: 2) ?? "-"] : []
            table.add(calls + [strike] + puts + ratio)
        }
        return table
    }
}

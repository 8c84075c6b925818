import MarketData

/// A chain as people read it: calls on the left, the strike in the middle, puts on the right.
struct OptionTable {
    private struct Column {
        let heading: String
        let text: (OptionStrike, OptionType) -> String?
    }

    private let snapshot: OpenInterestSnapshot
    /// From the outer edge to the strike.
    private let columns: [Column]

    /// Open interest with what is known beside it; columns of which nothing is known are left out.
    init(_ snapshot: OpenInterestSnapshot) {
        self.init(snapshot, OptionTable.figures)
    }

    /// The same with implied volatilities and greeks.
    init(_ snapshot: OpenInterestSnapshot, _ analysis: ChainAnalysis) {
        let rows = analysis.greeks.value?.strikes ?? []
        let greeks = Dictionary(rows.map { ($0.strike, $0) }, uniquingKeysWith: { first, _ in first })
        func column(_ heading: String, _ digits: Int, _ figure: @escaping (OptionGreeks) -> Double) -> Column {
            Column(heading: heading) { row, type in
                greeks[row.strike]?[type].value.map { figure($0).rounded(to: digits) }
            }
        }
        self.init(
            snapshot,
            OptionTable.figures + [
                column("IV", 2, \.impliedVolatility), column("delta", 3, \.delta), column("gamma", 6, \.gamma),
                column("theta", 2, \.theta), column("vega", 2, \.vega),
            ])
    }

    private init(_ snapshot: OpenInterestSnapshot, _ columns: [Column]) {
        self.snapshot = snapshot
        let price = Column(heading: "last") { $0[$1]?.last?.shortest }
        self.columns = (columns + [price]).filter { column in
            snapshot.strikes.contains { row in OptionType.allCases.contains { column.text(row, $0) != nil } }
        }
    }

    private static var figures: [Column] {
        [
            Column(heading: "build-up") { row, type in row[type]?.buildUp.value.map(words) },
            Column(heading: "OI") { $0[$1]?.openInterest?.shortest },
            Column(heading: "change") { $0[$1]?.change?.shortest },
            Column(heading: "volume") { $0[$1]?.volume?.shortest },
            Column(heading: "source IV") { $0[$1]?.impliedVolatility?.shortest },
        ]
    }

    private static func words(_ buildUp: BuildUp) -> String {
        buildUp.rawValue.replacing("_", with: " ")
    }

    /// The table, a line a strike; the strike at the money is marked.
    func text() -> String {
        let headings = columns.map(\.heading)
        let atTheMoney = snapshot.atTheMoney
        var table = TextTable(
            headings.map { ("call \($0)", .right) } + [("strike", .right)]
                + headings.reversed().map { ("put \($0)", .right) } + [("PCR", .right)])
        for row in snapshot.strikes {
            let calls = columns.map { $0.text(row, .call) ?? "-" }
            let puts = columns.reversed().map { $0.text(row, .put) ?? "-" }
            let strike = row.strike == atTheMoney ? "> \(row.strike)" : "\(row.strike)"
            table.add(calls + [strike] + puts + [row.putCallRatio.value?.rounded(to: 3) ?? "-"])
        }
        return table.text()
    }
}

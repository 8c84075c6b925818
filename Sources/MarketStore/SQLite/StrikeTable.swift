import GRDB
import MarketData

/// The strikes of snapshots, one row each.
struct StrikeTable {
    private static let call = 1
    private static let put = 2

    let db: Database

    func insert(_ strikes: [OptionStrike], snapshot: Int64) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO strike VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for strike in strikes {
            let sides = (strike.call == nil ? 0 : StrikeTable.call) + (strike.put == nil ? 0 : StrikeTable.put)
            let head: [(any DatabaseValueConvertible)?] = [snapshot, strike.strike.tenThousandths, sides]
            let changes: [(any DatabaseValueConvertible)?] = [strike.call?.priceChange, strike.put?.priceChange]
            try statement.execute(
                arguments: StatementArguments(head + figures(strike.call) + figures(strike.put) + changes))
        }
    }

    func strikes(of snapshot: Int64) throws -> [OptionStrike] {
        let statement = try db.cachedStatement(sql: "SELECT * FROM strike WHERE snapshot = ? ORDER BY strike")
        return try Row.fetchAll(statement, arguments: [snapshot]).map { row in
            let sides = row[2] as Int
            return OptionStrike(
                strike: Strike(tenThousandths: row[1]),
                call: sides & StrikeTable.call == 0 ? nil : figures(row, from: 3, priceChange: 15),
                put: sides & StrikeTable.put == 0 ? nil : figures(row, from: 9, priceChange: 16))
        }
    }

    private func figures(_ figures: OptionFigures?) -> [(any DatabaseValueConvertible)?] {
        [
            figures?.openInterest, figures?.change, figures?.previous, figures?.last, figures?.volume,
            figures?.impliedVolatility,
        ]
    }

    private func figures(_ row: Row, from column: Int, priceChange: Int) -> OptionFigures {
        OptionFigures(
            openInterest: row[column], change: row[column + 1], previous: row[column + 2], last: row[column + 3],
            volume: row[column + 4], impliedVolatility: row[column + 5], priceChange: row[priceChange])
    }
}

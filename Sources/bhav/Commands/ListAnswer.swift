import Foundation
import JSON
import MarketData
import MarketFormats

/// Rows with names, and in JSON a few facts before them.
struct ListAnswer: Answer {
    /// What the rows are called in JSON.
    let name: String
    let columns: [String]
    let rows: [[Cell]]
    /// What is said of the whole, in JSON only.
    var facts: [(name: String, value: Cell)] = []

    var timeZone: TimeZone? { nil }

    func rows(_ emit: ([Cell]) -> Void) { rows.forEach(emit) }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        for fact in facts { ListAnswer.write(fact.name, fact.value, to: &json) }
        json.key(name)
        json.beginArray()
        for row in rows {
            json.beginObject()
            for (column, cell) in zip(columns, row) { ListAnswer.write(column, cell, to: &json) }
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func write(_ name: String, _ cell: Cell, to json: inout JSONWriter) {
        json.key(name)
        switch cell {
        case .text(let text): json.string(text)
        case .number(let value): json.number(value)
        case .integer(let value): json.integer(value)
        case .bool(let value): json.bool(value)
        case .time(let time): json.integer(time?.seconds)
        }
    }
}

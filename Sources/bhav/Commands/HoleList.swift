import Foundation
import MarketAnswers
import MarketData
import MarketHub

/// The holes in the recorded open interest of some underlyings.
struct HoleList: Answer {
    let surveys: [RecordingSurvey]

    /// How many holes there are.
    var count: Int { surveys.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.holes.count } } }

    var timeZone: TimeZone? { (surveys.first?.symbol).flatMap { ExchangeZone.zone(of: $0.exchange) } }

    var columns: [String] { ["symbol", "expiry", "from", "to", "reason"] }

    func rows(_ emit: ([Cell]) -> Void) {
        for survey in surveys {
            for part in survey.parts {
                for hole in part.holes {
                    emit([
                        .text(survey.symbol.description), .text(part.expiry?.description), .time(hole.span.from),
                        .time(hole.span.to), .text(hole.reason.rawValue),
                    ])
                }
            }
        }
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("holes")
        json.beginArray()
        rows { cells in
            json.beginObject()
            for (column, cell) in zip(columns, cells) {
                json.key(unescaped: column)
                switch cell {
                case .text(let text): json.string(text)
                case .time(let time): json.integer(time?.seconds)
                case .number, .integer, .bool: json.null()
                }
            }
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    /// How much is there, a line a chain and session for people.
    var lines: [String] {
        surveys.flatMap { survey in
            survey.parts.map { part in
                let expiry = part.expiry.map { " \($0)" } ?? ""
                return "\(survey.symbol)\(expiry): \(part.snapshots) snapshots, "
                    + (part.holes.isEmpty ? "no hole" : "\(part.holes.count) hole\(part.holes.count == 1 ? "" : "s")")
            }
        }
    }
}

import Foundation
import JSON
import MarketData
import MarketFormats
import MarketHistory
import MarketHub

/// The holes in the recorded open interest of some underlyings.
struct HoleList: Answer {
    let surveys: [RecordingSurvey]

    /// How many holes there are.
    var count: Int { surveys.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.holes.count } } }

    var timeZone: TimeZone? { (surveys.first?.symbol).flatMap { ExchangeZone.zone(of: $0.exchange) } }

    var columns: [String] { ["symbol", "expiry", "from", "to", "reason", "source", "others"] }

    func rows(_ emit: ([Cell]) -> Void) {
        forEachHole { symbol, expiry, hole in
            emit([
                .text(symbol.description), .text(expiry?.description), .time(hole.span.from), .time(hole.span.to),
                .text(hole.reason.rawValue), .text(hole.source?.rawValue),
                .text(hole.others.isEmpty ? nil : hole.others.map(\.words).joined(separator: "; ")),
            ])
        }
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.beginArray("holes")
        forEachHole { symbol, expiry, hole in
            json.beginObject()
            json.field("symbol", symbol.description)
            json.field("expiry", expiry?.description)
            json.field("from", hole.span.from.seconds)
            json.field("to", hole.span.to.seconds)
            json.field("reason", hole.reason.rawValue)
            json.field("source", hole.source?.rawValue)
            json.beginArray("others")
            for other in hole.others { HoleList.write(other, to: &json) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func write(_ other: RecordedStretch, to json: inout JSONWriter) {
        json.beginObject()
        json.field("source", other.source.rawValue)
        json.field("snapshots", other.snapshots)
        json.field("from", other.first.seconds)
        json.field("to", other.last.seconds)
        json.endObject()
    }

    private func forEachHole(_ body: (Symbol, CalendarDate?, RecordingHole) -> Void) {
        for survey in surveys {
            for part in survey.parts {
                for hole in part.holes { body(survey.symbol, part.expiry, hole) }
            }
        }
    }

    /// How much is there, a line a chain and session for people.
    var lines: [String] {
        surveys.flatMap { survey in
            survey.parts.map { part in
                let expiry = part.expiry.map { " \($0)" } ?? ""
                let source = part.source.map { " of \($0.rawValue)" } ?? ""
                let others = part.others.map { "; beside them \($0.words)" }.joined()
                return "\(survey.symbol)\(expiry): \(part.snapshots) snapshots\(source), "
                    + (part.holes.isEmpty ? "no hole" : "\(part.holes.count) hole\(part.holes.count == 1 ? "" : "s")")
                    + others
            }
        }
    }
}

extension RecordedStretch {
    /// Such as `7 of nse from 2026-11-23T05:00:00Z to 2026-11-23T05:18:00Z`.
    var words: String { "\(snapshots) of \(source.rawValue) from \(first) to \(last)" }
}

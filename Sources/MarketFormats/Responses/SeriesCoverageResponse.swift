public import Foundation
public import JSON
public import MarketData

extension SeriesCoverage: MarketResponse {
    public var timeZone: TimeZone? { ExchangeZone.zone(of: request.symbol.exchange) }

    public var columns: [String] { ["from", "to", "state", "reason"] }

    public func rows(_ emit: ([Cell]) -> Void) {
        for span in spans {
            emit([.time(span.range.from), .time(span.range.to), .text(span.state.rawValue), .text(span.reason)])
        }
    }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        request.writeSeries(to: &json)
        writeValues(to: &json)
        json.beginArray("spans")
        for span in spans { span.write(to: &json) }
        json.endArray()
        json.endObject()
    }

    private func writeValues(to json: inout JSONWriter) {
        json.field("source", Provenance.Source.store.rawValue)
        json.field("asOf", asOf.description)
        json.key("complete")
        if let completeness { json.bool(completeness) } else { json.null() }
        if completeness == nil, let unjudgedNote {
            json.beginArray("notes")
            json.string(unjudgedNote)
            json.endArray()
        }
        json.field("calendar", isJudgedByCalendar)
        json.field("bars", bars)
        json.field("first", first?.seconds)
        json.field("last", last?.seconds)
        json.field("revisions", revisions)
        json.field("missingBars", missingBars)
    }
}

extension SeriesCoverage.Span {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("from", range.from.seconds)
        json.field("to", range.to.seconds)
        json.field("state", state.rawValue)
        if let reason {
            json.field("reason", reason)
        }
        json.endObject()
    }
}

public import Foundation
public import MarketData

extension SeriesCoverage: Answer {
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
        writeFigures(to: &json)
        json.key("spans")
        json.beginArray()
        for span in spans { span.write(to: &json) }
        json.endArray()
        json.endObject()
    }

    private func writeFigures(to json: inout JSONWriter) {
        json.key("source")
        json.string(Provenance.Source.store.rawValue)
        json.key("asOf")
        json.string(asOf.description)
        json.key("complete")
        json.bool(isComplete)
        json.key("calendar")
        json.bool(isJudgedByCalendar)
        json.key("bars")
        json.integer(bars)
        json.key("first")
        json.integer(first?.seconds)
        json.key("last")
        json.integer(last?.seconds)
        json.key("revisions")
        json.integer(revisions)
        json.key("missingBars")
        json.integer(missingBars)
    }
}

extension SeriesCoverage.Span {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("from")
        json.integer(range.from.seconds)
        json.key("to")
        json.integer(range.to.seconds)
        json.key("state")
        json.string(state.rawValue)
        if let reason {
            json.key("reason")
            json.string(reason)
        }
        json.endObject()
    }
}

import Foundation
import MarketAnswers
import MarketData
import MarketHub
import MarketStore

/// The spans of a series that are had, known to be empty, and missing.
struct CoverageAnswer: Answer {
    let survey: SeriesSurvey
    let spans: [CoverageSpan]
    /// How many spans are missing, told or not.
    let missing: Int

    /// - Parameters:
    ///   - folding: Nights and holidays between two spans of one kind belong to them.
    ///   - onlyMissing: Only what is missing is told.
    init(_ survey: SeriesSurvey, folding: Bool, onlyMissing: Bool) {
        self.survey = survey
        let all = folding ? CoverageAnswer.folded(survey.spans) : survey.spans
        missing = all.count { $0.state == .missing }
        spans = onlyMissing ? all.filter { $0.state == .missing } : all
    }

    static func folded(_ spans: [CoverageSpan]) -> [CoverageSpan] {
        var folded: [CoverageSpan] = []
        for span in spans {
            guard let last = folded.last, last.state == .empty(.closed), folded.count > 1,
                folded[folded.count - 2].state == span.state
            else {
                folded.append(span)
                continue
            }
            let start = folded[folded.count - 2].range.from
            folded.removeLast(2)
            folded.append(CoverageSpan(TimeRange(from: start, to: span.range.to), span.state))
        }
        return folded
    }

    var timeZone: TimeZone? { ExchangeZone.zone(of: survey.key.symbol.exchange) }

    var columns: [String] { ["from", "to", "state", "reason"] }

    func rows(_ emit: ([Cell]) -> Void) {
        for span in spans {
            let (state, reason) = CoverageAnswer.words(span.state)
            emit([.time(span.range.from), .time(span.range.to), .text(state), .text(reason)])
        }
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("symbol")
        json.string(survey.key.symbol.description)
        json.key("interval")
        json.string(survey.key.interval.description)
        json.key("session")
        json.string(survey.key.hours.rawValue)
        json.key("adjustment")
        json.string(survey.key.adjustment.rawValue)
        json.key("source")
        json.string(Provenance.Source.store.rawValue)
        json.key("asOf")
        json.string(survey.now.description)
        json.key("complete")
        json.bool(missing == 0)
        json.key("calendar")
        json.bool(survey.boundaries != nil)
        json.key("spans")
        json.beginArray()
        for span in spans { write(span, to: &json) }
        json.endArray()
        json.endObject()
    }

    private func write(_ span: CoverageSpan, to json: inout JSONWriter) {
        let (state, reason) = CoverageAnswer.words(span.state)
        json.beginObject()
        json.key("from")
        json.integer(span.range.from.seconds)
        json.key("to")
        json.integer(span.range.to.seconds)
        json.key("state")
        json.string(state)
        if let reason {
            json.key("reason")
            json.string(reason)
        }
        json.endObject()
    }

    private static func words(_ state: CoverageState) -> (state: String, reason: String?) {
        switch state {
        case .had: ("had", nil)
        case .missing: ("missing", nil)
        case .empty(let reason): ("empty", reason.rawValue)
        }
    }
}

public import Foundation
public import JSON
public import MarketData

extension OpenInterestSnapshot: Answer {
    public var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        writeFields(to: &json)
        json.endObject()
    }

    /// Writes the fields of the answer into an object that is open, as the stream's snapshot needs them.
    public func writeFields(to json: inout JSONWriter) { writeFields(to: &json, rows: strikes) }

    /// Writes the answer without its rows, as one JSON value.
    func writeHeading(to json: inout JSONWriter) {
        json.beginObject()
        writeFields(to: &json, rows: [])
        json.endObject()
    }

    private func writeFields(to json: inout JSONWriter, rows: [OptionStrike]) {
        var reasons = Reasons()
        OpenInterestTotals(self).writeHeading(to: &json, &reasons)
        json.key("analysis")
        writeAnalysis(to: &json)
        json.beginArray("strikes")
        for strike in rows { strike.write(to: &json) }
        json.endArray()
        reasons.write(to: &json)
    }

    public var columns: [String] {
        [
            "strike", "callOpenInterest", "callChange", "callPrevious", "callLast", "callVolume",
            "callImpliedVolatility", "putOpenInterest", "putChange", "putPrevious", "putLast", "putVolume",
            "putImpliedVolatility", "putCallRatio", "callPriceChange", "callBuildUp", "putPriceChange", "putBuildUp",
            "source", "mode", "asOf",
        ]
    }

    public func rows(_ emit: ([Cell]) -> Void) {
        for strike in strikes {
            emit(
                [.number(strike.strike.price)] + OptionFigures.cells(strike.call) + OptionFigures.cells(strike.put)
                    + [.number(strike.putCallRatio.value)] + OptionFigures.buildUpCells(strike.call)
                    + OptionFigures.buildUpCells(strike.put) + provenance.cells)
        }
    }
}

extension Provenance {
    /// The cells of the columns `source`, `mode` and `asOf`.
    var cells: [Cell] { [.text(source.rawValue), .text(mode.rawValue), .text(asOf.description)] }
}

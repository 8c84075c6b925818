public import Foundation
public import MarketData

extension OpenInterestSnapshot: Answer {
    public var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        writeFields(to: &json)
        json.endObject()
    }

    /// Writes the fields of the answer into an object that is open, as the stream's snapshot needs them.
    public func writeFields(to json: inout JSONWriter) {
        var reasons = Reasons()
        writeHeading(to: &json, &reasons)
        json.key("analysis")
        writeAnalysis(to: &json)
        json.key("strikes")
        json.beginArray()
        for strike in strikes { strike.write(to: &json) }
        json.endArray()
        reasons.write(to: &json)
    }

    /// Writes everything but the strikes.
    func writeHeading(to json: inout JSONWriter, _ reasons: inout Reasons) {
        json.key("symbol")
        json.string(symbol.description)
        json.key("expiry")
        json.string(expiry.description)
        json.key("unit")
        json.string(unit.rawValue)
        json.key("lotSize")
        json.integer(lotSize)
        json.key("spot")
        json.number(spot)
        json.key("atTheMoney")
        json.number(atTheMoney?.price)
        json.key("strikeRange")
        writeStrikeRange(to: &json)
        json.key("totals")
        writeTotals(to: &json)
        json.key("maxPain")
        json.number(maxPain?.price)
        provenance.writeFields(to: &json)
        noteHeading(&reasons)
    }

    private func noteHeading(_ reasons: inout Reasons) {
        if lotSize == nil { reasons.note("lotSize", "the lot of \(symbol) for \(expiry) is not known") }
        if spot == nil { reasons.note("spot", "the source gave no price of the underlying") }
        reasons.note("atTheMoney", atTheMoneyFigure.reason)
        reasons.note("maxPain", maxPainFigure.reason)
    }

    /// Writes `{from,to,listed,covered}`: totals and ratios hold for these strikes and no others.
    func writeStrikeRange(to json: inout JSONWriter) {
        json.beginObject()
        json.key("from")
        json.number(strikes.first?.strike.price)
        json.key("to")
        json.number(strikes.last?.strike.price)
        json.key("listed")
        json.integer(listedStrikes)
        json.key("covered")
        json.integer(strikes.count)
        var reasons = Reasons()
        if listedStrikes == nil {
            reasons.note("listed", "how many strikes are listed for this expiry is not known: there may be others")
        }
        reasons.write(to: &json)
        json.endObject()
    }

    private func writeTotals(to json: inout JSONWriter) {
        let ratio = putCallRatio(by: .openInterest)
        let ofChange = putCallRatio(by: .change)
        json.beginObject()
        json.key("call")
        json.number(ratio.calls)
        json.key("put")
        json.number(ratio.puts)
        json.key("callChange")
        json.number(ofChange.calls)
        json.key("putChange")
        json.number(ofChange.puts)
        json.key("putCallRatio")
        json.number(ratio.value)
        if let reason = ratio.reason {
            json.key("putCallRatioReason")
            json.string(reason)
        }
        json.key("putCallRatioOfChange")
        json.number(ofChange.value)
        if let reason = ofChange.reason {
            json.key("putCallRatioOfChangeReason")
            json.string(reason)
        }
        json.endObject()
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

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
        writeHeading(to: &json)
        json.key("strikes")
        json.beginArray()
        for strike in strikes { strike.write(to: &json) }
        json.endArray()
    }

    /// Writes everything but the strikes.
    func writeHeading(to json: inout JSONWriter) {
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
            "putImpliedVolatility", "putCallRatio",
        ]
    }

    public func rows(_ emit: ([Cell]) -> Void) {
        for strike in strikes {
            emit(
                [.number(strike.strike.price)] + OptionFigures.cells(strike.call) + OptionFigures.cells(strike.put)
                    + [.number(strike.putCallRatio.value)])
        }
    }
}

extension OptionStrike {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("strike")
        json.number(strike.price)
        json.key("call")
        OptionFigures.write(call, to: &json)
        json.key("put")
        OptionFigures.write(put, to: &json)
        json.endObject()
    }
}

extension OptionFigures {
    static func cells(_ side: OptionFigures?) -> [Cell] {
        [
            .number(side?.openInterest), .number(side?.change), .number(side?.previous), .number(side?.last),
            .number(side?.volume), .number(side?.impliedVolatility),
        ]
    }

    static func write(_ side: OptionFigures?, to json: inout JSONWriter) {
        guard let side else { return json.null() }
        json.beginObject()
        json.key("openInterest")
        json.number(side.openInterest)
        json.key("change")
        json.number(side.change)
        json.key("previous")
        json.number(side.previous)
        json.key("last")
        json.number(side.last)
        json.key("volume")
        json.number(side.volume)
        json.key("impliedVolatility")
        json.number(side.impliedVolatility)
        json.endObject()
    }
}

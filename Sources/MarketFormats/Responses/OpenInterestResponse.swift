public import Foundation
public import JSON
public import MarketData

extension OpenInterestSnapshot: MarketResponse {
    public var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        writeFields(to: &json)
        json.endObject()
    }

    /// Writes the fields of the response into an object that is open, as the stream's snapshot needs them.
    public func writeFields(to json: inout JSONWriter) { writeFields(to: &json, rows: strikes) }

    /// Writes the response without its rows, as one JSON value.
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
                [.number(strike.strike.price)] + OptionData.cells(strike.call) + OptionData.cells(strike.put)
                    + [.number(strike.putCallRatio.value)] + OptionData.buildUpCells(strike.call)
                    + OptionData.buildUpCells(strike.put) + provenance.cells)
        }
    }
}

extension Provenance {
    /// The cells of the columns `source`, `mode` and `asOf`.
    var cells: [Cell] { [.text(source.rawValue), .text(mode.rawValue), .text(asOf.description)] }
}

extension OpenInterestTotals {
    /// Writes everything that a response has but the strikes.
    func writeHeading(to json: inout JSONWriter, _ reasons: inout Reasons) {
        json.field("symbol", symbol.description)
        json.field("expiry", expiry.description)
        json.field("unit", unit.rawValue)
        json.field("lotSize", lotSize)
        json.field("spot", spot)
        json.field("atTheMoney", atTheMoney.value?.price)
        json.key("strikeRange")
        writeStrikeRange(to: &json)
        json.key("totals")
        writeTotals(to: &json)
        json.field("maxPain", maxPain.value?.price)
        provenance.writeFields(to: &json)
        if !notes.isEmpty {
            json.beginArray("notes")
            for note in notes { json.string(note) }
            json.endArray()
        }
        if lotSize == nil { reasons.note("lotSize", "the lot of \(symbol) for \(expiry) is not known") }
        if spot == nil { reasons.note("spot", "the source sent no price of the underlying") }
        reasons.note("atTheMoney", atTheMoney.reason)
        reasons.note("maxPain", maxPain.reason)
    }

    /// Writes `{from,to,listed,covered}`: totals and ratios hold for these strikes and no others.
    func writeStrikeRange(to json: inout JSONWriter) {
        let window = strikeWindow.value
        json.beginObject()
        json.field("from", window?.from.price)
        json.field("to", window?.to.price)
        json.field("listed", listedStrikes)
        json.field("covered", window?.covered ?? 0)
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
        json.field("call", ratio.calls)
        json.field("put", ratio.puts)
        json.field("callChange", ofChange.calls)
        json.field("putChange", ofChange.puts)
        json.field("putCallRatio", ratio.value)
        json.words("putCallRatioReason", ratio.reason)
        json.words("putCallRatioNote", ratio.note)
        json.field("putCallRatioOfChange", ofChange.value)
        json.words("putCallRatioOfChangeReason", ofChange.reason)
        json.words("putCallRatioOfChangeNote", ofChange.note)
        json.field("callStrikes", ratio.strikes?.calls)
        json.field("putStrikes", ratio.strikes?.puts)
        json.endObject()
    }
}

extension JSONWriter {
    /// Writes a member; leaves it out if `words` is `nil`.
    fileprivate mutating func words(_ name: StaticString, _ words: String?) {
        guard let words else { return }
        field(name, words)
    }
}

extension OptionStrike {
    /// Writes `{strike,call,put,putCallRatio}`; a side that the source left out is `null`.
    func write(to json: inout JSONWriter) {
        write(to: &json) { _, side, json, reasons in side.writeFields(to: &json, &reasons) }
    }

    /// Writes the strike; `side` writes the fields of each side.
    func write(
        to json: inout JSONWriter,
        side: (OptionType, OptionData, inout JSONWriter, inout Reasons) -> Void
    ) {
        var reasons = Reasons()
        json.beginObject()
        json.field("strike", strike.price)
        for type in OptionType.allCases {
            json.key(type.key)
            write(type, to: &json, side)
            reasons.note(type.key, self[type] == nil ? type.missingReason : nil)
        }
        json.computed("putCallRatio", putCallRatio.computed, &reasons)
        reasons.write(to: &json)
        json.endObject()
    }

    /// Writes the call or the put.
    func write(
        _ type: OptionType, to json: inout JSONWriter,
        _ side: (OptionType, OptionData, inout JSONWriter, inout Reasons) -> Void
    ) {
        guard let values = self[type] else { return json.null() }
        var reasons = Reasons()
        json.beginObject()
        side(type, values, &json, &reasons)
        reasons.write(to: &json)
        json.endObject()
    }
}

extension OptionType {
    /// The name of the side in a response.
    var key: StaticString {
        switch self {
        case .call: "call"
        case .put: "put"
        }
    }

    /// Why a side is `null`.
    var missingReason: String { "the source has no values for this \(rawValue)" }
}

extension OptionData {
    /// Writes the fields of one option into an open object: the source's values, if any, and
    /// the build-up that follows.
    func writeFields(to json: inout JSONWriter, _ reasons: inout Reasons) {
        json.field("openInterest", openInterest)
        json.field("change", change)
        json.field("previous", previous)
        json.field("last", last)
        json.field("volume", volume)
        json.field("impliedVolatility", impliedVolatility)
        json.field("priceChange", priceChange)
        if bid != nil || ask != nil {
            json.field("bid", bid)
            json.field("ask", ask)
        }
        json.computed("buildUp", buildUp, &reasons) { $1.string($0.rawValue) }
    }

    static func cells(_ side: OptionData?) -> [Cell] {
        [
            .number(side?.openInterest), .number(side?.change), .number(side?.previous), .number(side?.last),
            .number(side?.volume), .number(side?.impliedVolatility),
        ]
    }

    static func buildUpCells(_ side: OptionData?) -> [Cell] {
        [.number(side?.priceChange), .text(side?.buildUp.value?.rawValue)]
    }
}

extension ExpiryList: MarketResponse {
    public var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("symbol", symbol.description)
        json.beginArray("expiries")
        for expiry in expiries { json.string(expiry.description) }
        json.endArray()
        json.field("default", standard?.description)
        provenance.writeFields(to: &json)
        json.endObject()
    }

    public var rowProvenance: Provenance? { provenance }

    public var columns: [String] { ["expiry", "default"] }

    public func rows(_ emit: ([Cell]) -> Void) {
        for expiry in expiries { emit([.text(expiry.description), .bool(expiry == standard)]) }
    }
}

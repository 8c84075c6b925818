import JSON
import MarketData

extension OptionStrike {
    /// Writes `{strike,call,put,putCallRatio}`; a side that the source left out is `null`.
    func write(to json: inout JSONWriter) {
        write(to: &json) { _, side, json, reasons in side.writeFields(to: &json, &reasons) }
    }

    /// Writes the same, with the fields of each side by another hand.
    func write(
        to json: inout JSONWriter,
        side: (OptionType, OptionFigures, inout JSONWriter, inout Reasons) -> Void
    ) {
        var reasons = Reasons()
        json.beginObject()
        json.field("strike", strike.price)
        for type in OptionType.allCases {
            json.key(type.key)
            write(type, to: &json, side)
            reasons.note(type.key, self[type] == nil ? type.silence : nil)
        }
        json.figure("putCallRatio", putCallRatio.figure, &reasons)
        reasons.write(to: &json)
        json.endObject()
    }

    /// Writes the call or the put.
    func write(
        _ type: OptionType, to json: inout JSONWriter,
        _ side: (OptionType, OptionFigures, inout JSONWriter, inout Reasons) -> Void
    ) {
        guard let figures = self[type] else { return json.null() }
        var reasons = Reasons()
        json.beginObject()
        side(type, figures, &json, &reasons)
        reasons.write(to: &json)
        json.endObject()
    }
}

extension OptionType {
    /// The name of the side in an answer.
    var key: StaticString {
        switch self {
        case .call: "call"
        case .put: "put"
        }
    }

    /// Why a side is `null`.
    var silence: String { "the source has no figures of this \(rawValue)" }
}

extension OptionFigures {
    /// Writes the fields of one option into an object that is open: what the source gave, where it gave anything, and
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
        json.figure("buildUp", buildUp, &reasons) { $1.string($0.rawValue) }
    }

    static func cells(_ side: OptionFigures?) -> [Cell] {
        [
            .number(side?.openInterest), .number(side?.change), .number(side?.previous), .number(side?.last),
            .number(side?.volume), .number(side?.impliedVolatility),
        ]
    }

    static func buildUpCells(_ side: OptionFigures?) -> [Cell] {
        [.number(side?.priceChange), .text(side?.buildUp.value?.rawValue)]
    }
}

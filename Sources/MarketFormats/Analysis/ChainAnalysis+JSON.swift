import JSON
import MarketData

extension ChainAnalysis {
    /// Writes what the prices say into an object that is open.
    func writeFields(to json: inout JSONWriter, _ reasons: inout Reasons) {
        json.key("expectedMove")
        writeMoves(to: &json)
        json.figure("atTheMoneyVolatility", atTheMoneyVolatility, &reasons)
        json.figure("atTheMoneyVolatilityStrike", atTheMoneyVolatilityStrike.map(\.price), &reasons)
        json.key("skew")
        writeSkews(to: &json)
        json.figure("gammaExposure", gammaExposure, &reasons) { $0.write(to: &$1) }
        json.figure("gammaFlip", gammaFlip, &reasons)
    }

    /// Writes `{straddle,volatility}`, each an amount in the currency of the underlying.
    private func writeMoves(to json: inout JSONWriter) {
        var reasons = Reasons()
        json.beginObject()
        json.figure("straddle", moveByStraddle.map(\.amount), &reasons)
        json.figure("volatility", moveByVolatility.map(\.amount), &reasons)
        reasons.write(to: &json)
        json.endObject()
    }

    /// Writes `{quarterDelta,fivePercent}`, each `{value,put,call}` in percent a year.
    private func writeSkews(to json: inout JSONWriter) {
        var reasons = Reasons()
        json.beginObject()
        json.figure("quarterDelta", quarterDeltaSkew, &reasons) { $0.write(to: &$1) }
        json.figure("fivePercent", fivePercentSkew, &reasons) { $0.write(to: &$1) }
        reasons.write(to: &json)
        json.endObject()
    }
}

extension VolatilitySkew {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("value", value)
        json.field("put", put)
        json.field("call", call)
        json.endObject()
    }
}

extension GammaExposure {
    /// Writes `{total,sidesLeftOut,assumption,strikes:[{strike,call,put}]}`.
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("total", total)
        json.field("gross", gross)
        json.field("sidesLeftOut", sidesLeftOut)
        json.field("assumption", GammaExposure.assumption)
        json.beginArray("strikes")
        for row in rows { row.write(to: &json) }
        json.endArray()
        json.endObject()
    }
}

extension GammaExposure.Row {
    fileprivate func write(to json: inout JSONWriter) {
        var reasons = Reasons()
        let silence = "greeks or open interest are not known"
        json.beginObject()
        json.field("strike", strike.price)
        json.figure("call", Figure(call, otherwise: silence), &reasons)
        json.figure("put", Figure(put, otherwise: silence), &reasons)
        reasons.write(to: &json)
        json.endObject()
    }
}

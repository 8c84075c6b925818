import JSON
import MarketData

extension ChainAnalysis {
    /// Writes what the prices say into an object that is open.
    func writeFields(to json: inout JSONWriter, _ reasons: inout Reasons) {
        json.key("expectedMove")
        writeMoves(to: &json)
        json.computed("atTheMoneyVolatility", atTheMoneyVolatility, &reasons)
        json.computed("atTheMoneyVolatilityStrike", atTheMoneyVolatilityStrike.map(\.price), &reasons)
        json.key("skew")
        writeSkews(to: &json)
        json.computed("gammaExposure", gammaExposure, &reasons) { $0.write(to: &$1) }
        json.computed("gammaFlip", gammaFlip, &reasons)
    }

    /// Writes `{straddle,volatility}`, each an amount in the currency of the underlying.
    private func writeMoves(to json: inout JSONWriter) {
        var reasons = Reasons()
        json.beginObject()
        json.computed("straddle", moveByStraddle.map(\.amount), &reasons)
        json.computed("volatility", moveByVolatility.map(\.amount), &reasons)
        reasons.write(to: &json)
        json.endObject()
    }

    /// Writes `{quarterDelta,fivePercent}`, each `{value,put,call}` in percent a year.
    private func writeSkews(to json: inout JSONWriter) {
        var reasons = Reasons()
        json.beginObject()
        json.computed("quarterDelta", quarterDeltaSkew, &reasons) { $0.write(to: &$1) }
        json.computed("fivePercent", fivePercentSkew, &reasons) { $0.write(to: &$1) }
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
        let reason = "greeks or open interest are not known"
        json.beginObject()
        json.field("strike", strike.price)
        json.computed("call", ComputedValue(call, otherwise: reason), &reasons)
        json.computed("put", ComputedValue(put, otherwise: reason), &reasons)
        reasons.write(to: &json)
        json.endObject()
    }
}

/// The greeks of a chain, read per strike in ascending order.
struct GreeksByStrike {
    private let greeks: ComputedValue<ChainGreeks>
    private var index = 0

    init(_ greeks: ComputedValue<ChainGreeks>) { self.greeks = greeks }

    /// Those of the next strike, by side; where the chain has none, why.
    mutating func next(_ strike: Strike) -> (OptionType) -> ComputedValue<OptionGreeks> {
        guard let chain = greeks.value else {
            let reason = greeks.reason ?? ""
            return { _ in .unknown(reason: reason) }
        }
        while index < chain.strikes.count, chain.strikes[index].strike < strike { index += 1 }
        guard index < chain.strikes.count, chain.strikes[index].strike == strike else {
            return { _ in .unknown(reason: "the strike \(strike) is not among those of the model") }
        }
        let row = chain.strikes[index]
        return { row[$0] }
    }

    /// What the quotes of the current strike imply; `nil` if the source sends no quotes.
    func quotes(of type: OptionType) -> QuotedVolatility? {
        guard let chain = greeks.value, index < chain.strikes.count else { return nil }
        return chain.strikes[index].quotes(of: type)
    }
}

extension QuotedVolatility {
    /// Writes `{bid,ask,mid}`, in percent a year.
    func write(to json: inout JSONWriter) {
        var reasons = Reasons()
        json.beginObject()
        json.computed("bid", bid, &reasons)
        json.computed("ask", ask, &reasons)
        json.computed("mid", mid, &reasons)
        reasons.write(to: &json)
        json.endObject()
    }
}

extension ImpliedRate {
    /// Writes `{rate,standardError,strikes}`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("rate", rate)
        json.field("standardError", standardError)
        json.field("strikes", strikes)
        json.endObject()
    }
}

extension OptionGreeks {
    /// Writes `{impliedVolatility,delta,gamma,vega,theta,rho}`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("impliedVolatility", impliedVolatility)
        json.field("delta", delta)
        json.field("gamma", gamma)
        json.field("vega", vega)
        json.field("theta", theta)
        json.field("rho", rho)
        json.endObject()
    }

    /// The cells of the columns of the greeks; empty where they are not known.
    static func cells(_ greeks: OptionGreeks?) -> [Cell] {
        [
            .number(greeks?.impliedVolatility), .number(greeks?.delta), .number(greeks?.gamma), .number(greeks?.vega),
            .number(greeks?.theta), .number(greeks?.rho),
        ]
    }
}

extension SourceGreeks {
    /// Writes `sourceGreeks` of one option, `{delta,gamma,vega,theta,rho}` in the source's units, into an object that
    /// is open.
    func write(_ strike: Strike, _ type: OptionType, to json: inout JSONWriter, _ reasons: inout Reasons) {
        let values = ComputedValue(
            self[strike, type], otherwise: "the source sends no greeks for this \(type.rawValue)")
        json.computed("sourceGreeks", values, &reasons) { values, json in
            json.beginObject()
            json.field("delta", values.delta)
            json.field("gamma", values.gamma)
            json.field("vega", values.vega)
            json.field("theta", values.theta)
            json.field("rho", values.rho)
            json.endObject()
        }
    }
}

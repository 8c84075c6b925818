import JSON
import MarketData

/// The greeks of a chain, asked for strike by strike in ascending order.
struct GreeksByStrike {
    private let greeks: Figure<ChainGreeks>
    private var index = 0

    init(_ greeks: Figure<ChainGreeks>) { self.greeks = greeks }

    /// Those of the next strike, by side; where the chain has none, why.
    mutating func next(_ strike: Strike) -> (OptionType) -> Figure<OptionGreeks> {
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

    /// What the quotes of the strike at hand imply; `nil` where the source sends no quotes.
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
        json.figure("bid", bid, &reasons)
        json.figure("ask", ask, &reasons)
        json.figure("mid", mid, &reasons)
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

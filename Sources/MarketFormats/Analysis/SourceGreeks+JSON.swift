import JSON
import MarketData

extension SourceGreeks {
    /// Writes `sourceGreeks` of one option, `{delta,gamma,vega,theta,rho}` in the source's units, into an object that is
    /// open.
    func write(_ strike: Strike, _ type: OptionType, to json: inout JSONWriter, _ reasons: inout Reasons) {
        let figures = Figure(self[strike, type], otherwise: "the source gives no greeks of this \(type.rawValue)")
        json.figure("sourceGreeks", figures, &reasons) { figures, json in
            json.beginObject()
            json.field("delta", figures.delta)
            json.field("gamma", figures.gamma)
            json.field("vega", figures.vega)
            json.field("theta", figures.theta)
            json.field("rho", figures.rho)
            json.endObject()
        }
    }
}

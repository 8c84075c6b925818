import MarketData

extension SourceGreeks {
    /// Writes `sourceGreeks` of one option, `{delta,gamma,vega,theta,rho}` in the source's units, into an object that is
    /// open.
    func write(_ strike: Strike, _ type: OptionType, to json: inout JSONWriter, _ reasons: inout Reasons) {
        let figures = Figure(self[strike, type], otherwise: "the source gives no greeks of this \(type.rawValue)")
        json.figure("sourceGreeks", figures, &reasons) { figures, json in
            json.beginObject()
            json.key("delta")
            json.number(figures.delta)
            json.key("gamma")
            json.number(figures.gamma)
            json.key("vega")
            json.number(figures.vega)
            json.key("theta")
            json.number(figures.theta)
            json.key("rho")
            json.number(figures.rho)
            json.endObject()
        }
    }
}

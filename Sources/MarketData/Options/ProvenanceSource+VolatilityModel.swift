extension Provenance.Source {
    /// The model by which a source computes the implied volatilities that it gives, as found by refitting recorded
    /// answers; `nil` where a source gives none. Volatilities of two models are not comparable.
    public var volatilityModel: String? {
        switch self {
        case .nse: "NSE's: Black-Scholes on the spot at a rate of 10 %, calendar days to 15:30 over 365"
        case .trendlyne: "Trendlyne's: Black-Scholes on the spot at a rate of 7 %, calendar days over 365"
        case .mock: "the mock market's: the volatility that made the premium (SIMULATED)"
        case .tradingview, .store: nil
        }
    }
}

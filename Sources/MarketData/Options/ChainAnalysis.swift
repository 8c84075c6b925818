/// What the prices of a chain say: implied volatility and greeks by option, and what follows from them.
public struct ChainAnalysis: Hashable, Sendable {
    /// The rate that is taken where none is named: continuous, a year. With the forward read from the premiums, it only
    /// discounts them.
    public static let standardRate = 0.0
    /// The rates that may be named.
    public static let rates = -0.1...0.5

    /// The rate that was taken: continuous, a year, 0.07 for 7 %.
    public let rate: Double
    /// The close of trading on the expiry day, to which time is counted.
    public let expiresAt: Timestamp
    /// Years of 365 days to the close of trading on the expiry day.
    public let years: ComputedValue<Double>
    /// Implied volatility and greeks by strike.
    public let greeks: ComputedValue<ChainGreeks>
    /// By the straddle at the money.
    public let moveByStraddle: ComputedValue<ExpectedMove>
    /// By the volatility at the money.
    public let moveByVolatility: ComputedValue<ExpectedMove>
    /// In percent a year, at `atTheMoneyVolatilityStrike`.
    public let atTheMoneyVolatility: ComputedValue<Double>
    /// The strike nearest to the forward; the snapshot's `atTheMoney` is the one nearest to the spot.
    public let atTheMoneyVolatilityStrike: ComputedValue<Strike>
    /// The rate by put-call parity, to be compared with `rate`.
    public let impliedRate: ComputedValue<ImpliedRate>
    /// The 25-delta skew.
    public let quarterDeltaSkew: ComputedValue<VolatilitySkew>
    /// The 5 % skew.
    public let fivePercentSkew: ComputedValue<VolatilitySkew>
    /// Gamma exposure, if dealers hold what they are assumed to hold.
    public let gammaExposure: ComputedValue<GammaExposure>
    /// The price of the forward at which gamma exposure changes its sign.
    public let gammaFlip: ComputedValue<Double>

    /// The analysis of a snapshot.
    /// - Parameters:
    ///   - snapshot: Open interest with prices.
    ///   - rate: Continuous, a year, 0.07 for 7 %.
    ///   - calendar: Whose hours end the options.
    public init(
        _ snapshot: OpenInterestSnapshot, rate: Double = ChainAnalysis.standardRate, calendar: TradingCalendar = .nse
    ) {
        let greeks = snapshot.greeks(rate: rate, calendar: calendar)
        self.rate = rate
        self.greeks = greeks
        expiresAt = calendar.expiryClose(snapshot.expiry)
        years = calendar.yearsToExpiry(snapshot.expiry, from: snapshot.provenance.asOf)
        moveByStraddle = snapshot.expectedMoveByStraddle
        moveByVolatility = greeks.flatMap { snapshot.expectedMoveByVolatility($0) }
        atTheMoneyVolatility = greeks.flatMap(\.atTheMoneyVolatility)
        atTheMoneyVolatilityStrike = greeks.flatMap {
            ComputedValue($0.atTheMoney?.strike, otherwise: "there are no strikes")
        }
        impliedRate = greeks.flatMap { snapshot.impliedRate(by: $0) }
        quarterDeltaSkew = greeks.flatMap(\.quarterDeltaSkew)
        fivePercentSkew = greeks.flatMap(\.fivePercentSkew)
        gammaExposure = greeks.flatMap { snapshot.gammaExposure(by: $0) }
        gammaFlip = greeks.flatMap { snapshot.gammaFlip(by: $0) }
    }
}

extension ChainAnalysis {
    /// Reads an interest rate as people write it, `0.07` for 7 % a year.
    /// - Parameters:
    ///   - text: The number.
    ///   - name: The name of the option or parameter, for the message.
    /// - Throws: `MarketDataError` with code `badRequest` if it is not a number or is outside `rates`.
    public static func rate(_ text: String, named name: String) throws(MarketDataError) -> Double {
        guard let rate = Double(text), rate.isFinite else {
            throw .badRequest("\(name) must be a number, got '\(text)'; use 0.07 for 7 % a year")
        }
        guard rates.contains(rate) else {
            throw .badRequest(
                "\(name) must be \(rates.lowerBound.shortest) to \(rates.upperBound.shortest), got \(text); "
                    + "use 0.07 for 7 % a year")
        }
        return rate
    }
}

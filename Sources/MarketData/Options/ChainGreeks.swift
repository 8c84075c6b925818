/// Implied volatilities and greeks of every strike of one expiry at one moment, and what they were computed by.
public struct ChainGreeks: Hashable, Sendable {
    /// The model, as text.
    public static let model = "Black-76 on the implied forward"

    /// The forward that the options are priced on.
    public let forward: ImpliedForward
    /// Years to expiry.
    public let years: Double
    /// The interest rate: continuous, a year, 0.07 for 7 %.
    public let rate: Double
    /// Ascending by strike.
    public let strikes: [StrikeGreeks]

    /// The strike nearest to the forward, the lower one on a tie; `nil` without strikes.
    public var atTheMoney: StrikeGreeks? { nearest(to: forward.price) }

    /// The strike nearest to a price, the lower one on a tie; `nil` without strikes.
    func nearest(to price: Double) -> StrikeGreeks? {
        strikes.min { abs($0.strike.price - price) < abs($1.strike.price - price) }
    }
}

/// The implied volatility and the greeks of one option.
public struct OptionGreeks: Hashable, Sendable {
    /// In percent a year.
    public let impliedVolatility: Double
    /// Change of the premium for a change of the forward by one.
    public let delta: Double
    /// Change of delta for a change of the forward by one.
    public let gamma: Double
    /// Change of the premium for one point of volatility.
    public let vega: Double
    /// Change of the premium in one of 365 days.
    public let theta: Double
    /// Change of the premium for an interest rate higher by one percent.
    public let rho: Double

    /// The greeks of an option by a model.
    public init(_ model: Black76, of type: OptionType) {
        impliedVolatility = model.volatility * 100
        delta = model.delta(type)
        gamma = model.gamma
        vega = model.vega
        theta = model.theta(type)
        rho = model.rho(type)
    }
}

/// The greeks of a strike's call and put.
public struct StrikeGreeks: Hashable, Sendable {
    /// The strike.
    public let strike: Strike
    /// Of the call.
    public let call: ComputedValue<OptionGreeks>
    /// Of the put.
    public let put: ComputedValue<OptionGreeks>

    /// The volatilities that the call's quotes imply; `nil` if the source sends no quotes.
    public var callQuotes: QuotedVolatility?
    /// The volatilities that the put's quotes imply; `nil` if the source sends no quotes.
    public var putQuotes: QuotedVolatility?

    /// The volatilities that the quotes of one of them imply.
    public func quotes(of type: OptionType) -> QuotedVolatility? { type == .call ? callQuotes : putQuotes }

    /// Of one of them.
    public subscript(type: OptionType) -> ComputedValue<OptionGreeks> { type == .call ? call : put }
}

extension ChainGreeks {
    /// Implied volatility at the money, in percent a year: the mean of the call's and the put's, at the strike nearest
    /// to the forward.
    ///
    /// Unknown where either is.
    public var atTheMoneyVolatility: ComputedValue<Double> {
        guard let atTheMoney else { return .unknown(reason: "there are no strikes") }
        return atTheMoney.call.flatMap { call in
            atTheMoney.put.map { put in (call.impliedVolatility + put.impliedVolatility) / 2 }
        }
    }
}

extension OpenInterestSnapshot {
    /// Implied volatility and greeks of every option from its last price, by Black-76 on the implied forward.
    ///
    /// Both sides of a strike share forward and rate, so that call and put imply the same volatility where their prices
    /// agree; those of NSE and Trendlyne, computed on the spot, do not.
    /// - Parameters:
    ///   - rate: The interest rate: continuous, a year, 0.07 for 7 %.
    ///   - calendar: Whose hours end the options.
    /// - Returns: Unknown where expiry or forward are; a side that has no price, or an impossible one, is unknown
    ///   alone.
    public func greeks(rate: Double = 0, calendar: TradingCalendar = .nse) -> ComputedValue<ChainGreeks> {
        calendar.yearsToExpiry(expiry, from: provenance.asOf).flatMap { years in
            impliedForward(years: years, rate: rate).map { forward in
                ChainGreeks(
                    forward: forward, years: years, rate: rate,
                    strikes: strikes.map { row in
                        StrikeGreeks(
                            strike: row.strike,
                            call: greeks(of: row, .call, forward: forward.price, years: years, rate: rate),
                            put: greeks(of: row, .put, forward: forward.price, years: years, rate: rate),
                            callQuotes: quotes(of: row, .call, forward: forward.price, years: years, rate: rate),
                            putQuotes: quotes(of: row, .put, forward: forward.price, years: years, rate: rate)
                        )
                    }
                )
            }
        }
    }

    private func quotes(
        of row: OptionStrike, _ type: OptionType, forward: Double, years: Double, rate: Double
    ) -> QuotedVolatility? {
        row[type].flatMap { side in
            QuotedVolatility(side) { price in
                ImpliedVolatility.of(
                    price: price, type: type, forward: forward, strike: row.strike.price, years: years, rate: rate
                ).map { $0 * 100 }
            }
        }
    }

    private func greeks(
        of row: OptionStrike, _ type: OptionType, forward: Double, years: Double, rate: Double
    ) -> ComputedValue<OptionGreeks> {
        guard let price = row.fitPrice(of: type) else {
            return .unknown(reason: row.words(of: type) + row.unfitness(of: type))
        }
        let volatility = ImpliedVolatility.of(
            price: price, type: type, forward: forward, strike: row.strike.price, years: years, rate: rate
        )
        return volatility.flatMap { volatility in
            let model = Black76(
                forward: forward, strike: row.strike.price, years: years, rate: rate, volatility: volatility
            )
            guard let model else {
                return .unknown(reason: "the model has no solution at a volatility of \(volatility)")
            }
            return .known(OptionGreeks(model, of: type))
        }
    }
}

extension OpenInterestSnapshot {
    /// Implied volatility and greeks of every option from its last price, by Black-76 on the implied forward.
    ///
    /// Both sides of a strike share forward and rate, so that call and put imply the same volatility where their prices
    /// agree; those of NSE and Trendlyne, reckoned on the spot, do not.
    /// - Parameters:
    ///   - rate: The interest rate: continuous, a year, 0.07 for 7 %.
    ///   - calendar: Whose hours end the options.
    /// - Returns: Unknown where expiry or forward are; a side that has no price, or an impossible one, is unknown alone.
    public func greeks(rate: Double = 0, calendar: TradingCalendar = .nse) -> Figure<ChainGreeks> {
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
    ) -> Figure<OptionGreeks> {
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
            guard let model else { return .unknown(reason: "the model has no answer at a volatility of \(volatility)") }
            return .known(OptionGreeks(model, of: type))
        }
    }
}

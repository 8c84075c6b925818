import MarketData

/// How `fno/option/chain/` is written: one row a strike, whose columns `tableHeaders` names.
struct TrendlyneChainText {
    let snapshot: OpenInterestSnapshot
    /// The same expiry at the previous close; `nil` where it was not listed.
    let yesterday: OpenInterestSnapshot?

    /// The response for an unlisted expiry.
    static let empty: JSONText = .object([
        ("tableHeaders", headers), ("tableData", []), ("maxPain", .null), ("atTheMoney", .null), ("MWPL", .null),
        ("IV", .null), ("futureData", .object([])), ("stockLevelData", .object([])),
        ("expiryLevelPCRValues", .object([])),
    ])

    var body: JSONText {
        let former = Dictionary(
            (yesterday?.strikes ?? []).map { ($0.strike, $0) }, uniquingKeysWith: { first, _ in first }
        )
        return .object([
            ("tableHeaders", TrendlyneChainText.headers),
            ("tableData", .list(snapshot.strikes.map { row($0, former[$0.strike]) })),
            ("maxPain", snapshot.maxPain.map { number($0.price) } ?? .null),
            ("atTheMoney", snapshot.atTheMoney.map { number($0.price) } ?? .null), ("MWPL", .null), ("IV", .null),
            ("futureData", .object([])),
            ("stockLevelData", .object([("stockCurrentPrice", snapshot.spot.map { .float($0) } ?? .null)])),
            (
                "expiryLevelPCRValues",
                .object([
                    ("pcr_oi", ratio(.openInterest)), ("pcr_volume", ratio(.volume)), ("pcr_oi_change", ratio(.change)),
                ])
            ),
        ])
    }

    /// The columns of one side, in the order seen in July 2026. Readers go by name: the order has moved before.
    private static let columns = [
        "current_price", "day_change", "traded_contracts", "traded_contracts_change", "ttv", "open_interest",
        "oi_change", "implied_volatility", "iv_change", "delta_calc", "gamma_calc", "rho_calc", "theta_calc",
        "vega_calc", "get_built_up_str", "chart", "pk",
    ]

    private static let headers: JSONText = {
        let names = columns.map { "\($0)_call" } + ["strike_price"] + columns.map { "\($0)_put" }
        return .list(
            names.map { .object([("unique_name", .string($0)), ("name", .string($0)), ("type", "number")]) }
        )
    }()

    private func row(_ strike: OptionStrike, _ former: OptionStrike?) -> JSONText {
        let calls = side(.call, strike, former?.call)
        let puts = side(.put, strike, former?.put)
        return .list(calls + [number(strike.strike.price)] + puts)
    }

    private func side(_ type: OptionType, _ row: OptionStrike, _ former: OptionData?) -> [JSONText] {
        guard let values = row[type] else { return TrendlyneChainText.columns.map { _ in .null } }
        let lot = Double(snapshot.lotSize ?? 1)
        let volume = values.volume ?? 0
        let greeks = greeks(type, row.strike, volatility: values.impliedVolatility)
        let price = volume > 0 ? values.last : nil
        return [
            float(price), float(percent(price, of: former?.last)), .int(Int64(volume / lot)),
            float(percent(volume, of: former?.volume)), float(price.map { $0 * volume }),
            float(values.openInterest), float(percent(values.openInterest, of: values.previous)),
            float(volume > 0 ? values.impliedVolatility : nil),
            float(percent(values.impliedVolatility, of: former?.impliedVolatility)),
        ] + greeks + [buildUp(values, price, former), .null, .int(row.strike.tenThousandths)]
    }

    private func buildUp(_ values: OptionData, _ price: Double?, _ former: OptionData?) -> JSONText {
        let change = price.flatMap { now in former?.last.map { now - $0 } }
        guard case .known(let read) = BuildUp.of(priceChange: change, openInterestChange: values.change) else {
            return .null
        }
        return BuildUpText.words(read)
    }

    /// Delta, gamma, rho, theta and vega by Black and Scholes on the spot at 7 %, as the site's own values were fitted:
    /// Black's model on the forward, turned back to the spot.
    private func greeks(_ type: OptionType, _ strike: Strike, volatility: Double?) -> [JSONText] {
        let rate = 0.07
        let seconds = IndianTime.timestamp(snapshot.expiry, ClockTime(hour: 15, minute: 30)).seconds
        let years = max(60, Double(seconds - snapshot.provenance.asOf.seconds)) / (365 * 86_400)
        guard let spot = snapshot.spot, let volatility else { return [.null, .null, .null, .null, .null] }
        let growth = Growth.factor(rate: rate, years: years)
        let forward = spot * growth
        guard
            let model = Black76(
                forward: forward, strike: strike.price, years: years, rate: rate, volatility: volatility / 100)
        else { return [.null, .null, .null, .null, .null] }
        let delta = model.delta(type)
        return [
            rounded(delta * growth), rounded(model.gamma * growth * growth),
            rounded(model.rho(type) + delta * forward * years / 100),
            rounded(model.theta(type) - delta * rate * forward / 365), rounded(model.vega),
        ]
    }

    private func ratio(_ basis: PutCallRatio.Basis) -> JSONText {
        let ratio = snapshot.putCallRatio(by: basis)
        guard let puts = ratio.puts, let calls = ratio.calls, calls != 0 else { return .null }
        return .float((puts / calls * 10_000).rounded() / 10_000)
    }

    private func percent(_ now: Double?, of before: Double?) -> Double? {
        guard let now, let before, before != 0 else { return nil }
        return ((now - before) / before * 10_000).rounded() / 100
    }

    private func rounded(_ value: Double) -> JSONText { .float((value * 10_000).rounded() / 10_000) }
    private func float(_ value: Double?) -> JSONText { value.map { .float($0) } ?? .null }
    private func number(_ price: Double) -> JSONText { Int64(exactly: price).map { .int($0) } ?? .float(price) }
}

/// Objects of open interest, option chains and contracts.
extension APISchemas {
    private static let openInterestHeading =
        [
            "symbol! string Underlying.", "expiry! string Expiry date.",
            "unit! shares|contracts Unit of open interest and volume.",
            "lotSize! number? Shares per contract.", "spot! number? Price of the underlying.",
            "atTheMoney! number? Strike nearest to the spot.",
            "strikeRange! StrikeRange Strikes that totals and ratios cover.", "totals! Totals Sums and ratios.",
            "maxPain! number? Strike at which all options together would pay least.",
        ] + provenance

    private static let analysis = [
        "putCallRatios! Ratios Put-call ratios.",
        "netChange! number? Change in the puts' open interest minus change in the calls'.",
        "maxPain! number? Strike at which all options together would pay least.",
        "atTheMoney! number? Strike nearest to the spot.",
        "straddle! Straddle? Price of the call and the put at the money.",
        "resistance! [Wall]? Strikes at or above the spot with the largest open interest of calls.",
        "support! [Wall]? Strikes at or below the spot with the largest open interest of puts.",
        "buildUp! BuildUpCounts? Number of options by build-up.",
        "strikeWindow! StrikeWindow? Strikes that were used.", "rules! {string} How each value is computed.", reasons,
    ]

    private static let optionSide = [
        "openInterest! number? Open interest.",
        "change! number? Change in open interest since the previous session's close.",
        "previous! number? Open interest at the previous session's close.", "last! number? Last price.",
        "volume! number? Volume.", "impliedVolatility! number? Implied volatility by the source, percent a year.",
        "priceChange! number? Change in price since the previous session's close.",
        "bid number? Best bid, only where the source sends quotes.",
        "ask number? Best ask, only where the source sends quotes.",
        "buildUp! long_build_up|short_build_up|long_unwinding|short_covering|neutral? Build-up from the changes in price "
            + "and open interest.",
    ]

    static let openInterest: [Schema] = [
        .init(
            "OpenInterest",
            openInterestHeading,
            [
                "notes [string] Remarks for people.", "analysis! Analysis What follows from the numbers.",
                "strikes! [Strike] Calls and puts by strike, ascending.", reasons,
            ]
        ),
        .init(
            "StrikeRange",
            [
                "from! number? Lowest strike.", "to! number? Highest strike.",
                "listed! integer? Number of strikes that the exchange lists.",
                "covered! integer Number of strikes in this response.", reasons,
            ]
        ),
        .init(
            "Totals",
            [
                "call! number? Open interest of all calls.", "put! number? Open interest of all puts.",
                "callChange! number? Change in the calls' open interest.",
                "putChange! number? Change in the puts' open interest.",
                "putCallRatio! number? Puts divided by calls, by open interest.",
                "putCallRatioReason string Why the ratio is null.", "putCallRatioNote string Remark on the ratio.",
                "putCallRatioOfChange! number? Puts divided by calls, by change in open interest.",
                "putCallRatioOfChangeReason string Why the ratio is null.",
                "putCallRatioOfChangeNote string Remark on the ratio.",
                "callStrikes! integer? Number of strikes with open interest of a call.",
                "putStrikes! integer? Number of strikes with open interest of a put.",
            ]
        ),
        .init(
            "Strike",
            [
                "strike! number Strike price.", "call! OptionSide? The call.", "put! OptionSide? The put.",
                "putCallRatio! number? Ratio of this strike, by open interest.", reasons,
            ]
        ),
        .init("OptionSide", optionSide, [reasons]),
        .init("Analysis", analysis),
        .init(
            "Ratios",
            [
                "openInterest! Ratio By open interest.", "change! Ratio By change in open interest.",
                "volume! Ratio By volume.",
            ]
        ),
        .init(
            "Ratio",
            [
                "value! number? Puts divided by calls.", "puts! number? Sum of the puts.",
                "calls! number? Sum of the calls.",
                "putStrikes! integer? Number of strikes in the sum of the puts.",
                "callStrikes! integer? Number of strikes in the sum of the calls.", reasons,
                "note string Remark on the ratio.",
            ]
        ),
        .init(
            "Straddle",
            [
                "strike! number Strike price.", "call! number Price of the call.", "put! number Price of the put.",
                "price! number Sum of both.",
            ]
        ),
        .init("Wall", ["strike! number Strike price.", "openInterest! number Open interest."]),
        .init(
            "BuildUpCounts",
            ["calls! {integer} Number of calls by build-up.", "puts! {integer} Number of puts by build-up."]),
        .init(
            "StrikeWindow",
            [
                "from! number Lowest strike.", "to! number Highest strike.", "covered! integer Number of strikes.",
                "listed! integer? Number of strikes that the exchange lists.",
                "whole! boolean? Whether these are all listed strikes.", "words! string The same as text.", reasons,
            ]
        ),
        .init(
            "OpenInterestHistory",
            [
                "symbol! string Underlying.", "strike! number? Strike that was requested.",
                "snapshots! [OpenInterestPoint] Snapshots in time order.",
            ]
        ),
        .init(
            "OpenInterestPoint",
            ["time! integer Time of the snapshot, UTC seconds."], openInterestHeading,
            [
                "notes [string] Remarks for people.", "strike number Strike price, where one was requested.",
                "call OptionSide? Its call, where a strike was requested.",
                "put OptionSide? Its put, where a strike was requested.",
                "putCallRatio number? Its ratio, where a strike was requested.", reasons,
            ]
        ),
        .init(
            "PutCallRatios",
            [
                "symbol! string Underlying.", "expiry! string? Expiry date.",
                "unit! shares|contracts? Unit of the sums.",
                "strikeRange! StrikeRange? Strikes of the newest point.",
            ], provenance,
            [
                "differences! [string] Fields that are not the same in all points, which therefore do not compare.",
                "points! [RatioPoint] Points in time order.",
            ]
        ),
        .init(
            "RatioPoint",
            [
                "time! integer Time, UTC seconds.", "openInterest! number? Ratio by open interest.",
                "change! number? Ratio by change in open interest.", "volume! number? Ratio by volume.",
                "callOpenInterest! number? Open interest of all calls.",
                "putOpenInterest! number? Open interest of all puts.", "spot! number? Price of the underlying.",
                "callChange! number? Change in the calls' open interest.",
                "putChange! number? Change in the puts' open interest.", "callVolume! number? Volume of all calls.",
                "putVolume! number? Volume of all puts.", "source! string Source.", "mode! string Mode.",
                "unit! shares|contracts Unit of the sums.", "strikeRange! StrikeRange Strikes of this point.", reasons,
                "notes {string} Remarks, under the name of the ratio.",
            ]
        ),
    ]

    private static let greeks = [
        "delta! number? Change in price for a change of one in the forward.",
        "gamma! number? Change in delta for a change of one in the forward.",
        "vega! number? Change in price for one percentage point of volatility.",
        "theta! number? Change in price per day.", "rho! number? Change in price for one percentage point of interest.",
    ]

    static let optionChain: [Schema] = [
        .init(
            "OptionChain",
            openInterestHeading,
            [
                "notes [string] Remarks for people.", "model! Model Pricing model with its inputs.",
                "analysis! ChainAnalysis What follows from the numbers.",
                "sourceFigures! SourceFigures Values that the source computed itself.",
                "strikes! [ChainStrike] Calls and puts by strike, ascending.", reasons,
            ]
        ),
        .init(
            "Model",
            [
                "name! string Name of the model.", "rate! number Interest rate: continuous, a year, 0.07 for 7 %.",
                "forward! number? Forward price that the option prices imply.",
                "forwardStrikes! [number]? Strikes that the forward was computed from.",
                "impliedRate! ImpliedRate? Interest rate that the option prices imply.",
                "expiresAt! string Moment of expiry: ISO 8601, UTC.",
                "yearsToExpiry! number? Time to expiry, in years of 365 days.",
                "daysToExpiry! number? The same in days.",
                "rules! {string} How each value is computed.", reasons,
            ]
        ),
        .init(
            "ImpliedRate",
            [
                "rate! number Interest rate.", "standardError! number? Standard error of the rate.",
                "strikes! integer Number of strikes used.",
            ]
        ),
        .init(
            "ChainAnalysis",
            Array(analysis.dropLast(2)),
            [
                "expectedMove! ExpectedMove Expected move up to expiry.",
                "atTheMoneyVolatility! number? Implied volatility at the money, percent a year.",
                "atTheMoneyVolatilityStrike! number? Strike of that volatility.", "skew! Skews Volatility skew.",
                "gammaExposure! GammaExposure? Gamma exposure.",
                "gammaFlip! number? Price at which gamma exposure changes its sign.",
            ], Array(analysis.suffix(2))
        ),
        .init(
            "ExpectedMove",
            [
                "straddle! number? By the price of the straddle.",
                "volatility! number? By the volatility at the money, one standard deviation.", reasons,
            ]
        ),
        .init(
            "Skews",
            ["quarterDelta! Skew? At a delta of 0.25.", "fivePercent! Skew? At strikes 5 % from the forward.", reasons]
        ),
        .init(
            "Skew",
            [
                "value! number Put minus call, percentage points.",
                "put! number Volatility of the put, percent a year.",
                "call! number Volatility of the call, percent a year.",
            ]
        ),
        .init(
            "GammaExposure",
            [
                "total! number Calls minus puts: currency for a move of one percent.",
                "gross! number Sum without signs.",
                "sidesLeftOut! integer Number of options left out because a value is unknown.",
                "assumption! string What is assumed of who holds the options.",
                "strikes! [GammaExposureStrike] By strike.",
            ]
        ),
        .init(
            "GammaExposureStrike",
            ["strike! number Strike price.", "call! number? Of the call.", "put! number? Of the put.", reasons]
        ),
        .init(
            "SourceFigures",
            [
                "impliedVolatilityModel! string? Model behind the source's implied volatility.",
                "greeksModel! string? Model behind the source's greeks.",
                "putCallRatio! number? Ratio by open interest.", "putCallRatioOfChange! number? Ratio by change.",
                "putCallRatioOfVolume! number? Ratio by volume.", "maxPain! number? Max pain strike.",
                "note! string Remark on these values.", reasons,
            ]
        ),
        .init(
            "ChainStrike",
            [
                "strike! number Strike price.", "call! ChainSide? The call.", "put! ChainSide? The put.",
                "putCallRatio! number? Ratio of this strike, by open interest.", reasons,
            ]
        ),
        .init(
            "ChainSide",
            optionSide,
            [
                "greeks! Greeks? Greeks by the model of this response.",
                "quotedVolatility QuotedVolatility Implied volatility of bid and ask, only where the source sends quotes.",
                "sourceGreeks SourceGreeks? Greeks by the source, in its own units.", reasons,
            ]
        ),
        .init("Greeks", ["impliedVolatility! number Implied volatility, percent a year."], greeks),
        .init("SourceGreeks", greeks.map { String($0.prefix { $0 != " " }) + " number? By the source." }),
        .init(
            "QuotedVolatility",
            ["bid! number? Of the bid.", "ask! number? Of the ask.", "mid! number? Of their mean.", reasons]
        ),
    ]

    static let contracts: [Schema] = [
        .init(
            "ContractHistory",
            [
                "symbol! string Underlying.", "expiry! string Expiry date.", "type! call|put|future Type of contract.",
                "strike! number? Strike price; null for a future.", "interval! string Interval of the points.",
                "tradingDay! string Session.", "unit! shares|contracts Unit of open interest and volume.",
                "lotSize! number? Shares per contract.",
            ], provenance, ["points! [ContractPoint] Points in time order."]
        ),
        .init(
            "ContractPoint",
            [
                "time! integer End of the interval, UTC seconds.", "price! number? Price.",
                "openInterest! number? Open interest.", "change! number? Change in open interest during the interval.",
                "volume! number? Volume during the interval.", "buildUp! string? Build-up during the interval.",
                "final! boolean False while the interval lasts.",
            ]
        ),
    ]
}

/// The objects of the interface, each with its fields.
///
/// A field is written `name type meaning`. `!` after the name: always there. `?` after the type: may be null.
/// Types: `string`, `number`, `integer`, `boolean`, `a|b` (one of these words), `[T]` (list), `{T}` (object whose members
/// have any name), or the name of another object.
enum APISchemas {
    struct Schema: Sendable {
        let name: String
        let fields: [String]

        init(_ name: String, _ parts: [String]...) { (self.name, fields) = (name, parts.flatMap { $0 }) }
    }

    /// Every object, by concern.
    static let all: [Schema] =
        errors + bars + quotes + instruments + openInterest + optionChain + contracts + coverage + service + udf
        + legacy

    /// What every number carries.
    private static let provenance = [
        "source! tradingview|trendlyne|nse|store|mock Source of the numbers.",
        "via string Host and port, only where the source is not at its built-in address.",
        "feed! string? Instrument or endpoint that the numbers really come from, such as BATS:AAPL.",
        "mode! streaming|delayed|endOfDay|recorded|simulated How the numbers reached the server.",
        "delaySeconds! integer? Delay of the numbers; null where the source does not say.",
        "asOf! string Moment that the numbers describe: ISO 8601, UTC.",
    ]

    private static let reasons = "reasons {string} Why a field of this object is null, under the name of that field."

    static let errors: [Schema] = [
        .init("Error", ["error! ErrorBody The error."]),
        .init(
            "ErrorBody",
            [
                "code! ErrorCode Error code; programs decide by it.", "message! string Text for people.",
                "source! string? Source that failed; null where the request was wrong.",
                "retryable! boolean Whether the same request may succeed later.",
                "suggestions! [string] Symbols or values that may have been meant.",
            ]
        ),
    ]

    static let bars: [Schema] = [
        .init(
            "Bar",
            [
                "time! integer Opening time, UTC seconds.",
                "tradingDay string Trading day, only of bars of 1d and longer.",
                "open! number Open price.", "high! number High price.", "low! number Low price.",
                "close! number Close price.", "volume! number? Volume; null where the instrument has none.",
                "openInterest number Open interest at the end of the bar, only of derivatives.",
                "final! boolean False while the bar is still forming.",
            ]
        ),
        .init(
            "Bars",
            [
                "symbol! string Symbol.", "interval! string Length of a bar.",
                "session! regular|extended Trading hours.",
                "adjustment! splits|dividends|none Price adjustment.",
                "backAdjusted boolean True where prices of a continuous future are adjusted at its rolls.",
                "currency string Currency of the prices.", "timeZone string Time zone of the exchange.",
            ], provenance,
            [
                "builtFrom string Shorter interval that the server built these bars from.",
                "complete! boolean? Whether all requested bars are there; null where that cannot be judged.",
                "reason plan_limit|more|start_of_history|recording_ends Why there are fewer bars than requested.",
                "gaps! [Gap] Ranges where bars are missing.",
                "origins [BarOrigin] Source of each part of a response that came through the store.",
                "notes [string] Remarks for people.",
                "rolls [Roll] Dates when a continuous future changed contracts.", "bars! [Bar] Bars, oldest first.",
            ]
        ),
        .init(
            "Gap",
            [
                "from! integer Start, UTC seconds.", "to! integer End, exclusive, UTC seconds.",
                "reason! string Why the bars are missing.",
            ]
        ),
        .init(
            "BarOrigin",
            [
                "from! integer Opening time of the first bar, UTC seconds.",
                "to! integer Opening time of the last bar, UTC seconds.",
            ], provenance
        ),
        .init(
            "Roll",
            [
                "time! integer Opening time of the first bar of the new contract, UTC seconds.",
                "from! string? Old contract; null where the source does not name it.",
                "to! string? New contract; null where the source does not name it.",
            ]
        ),
    ]

    private static let quote = [
        "symbol! string Symbol.", "last! number? Last price.",
        "lastTime! integer? Time of the last price, UTC seconds.",
        "bid! number? Best bid.", "ask! number? Best ask.", "open! number? Open price of the session.",
        "high! number? High of the session.", "low! number? Low of the session.",
        "previousClose! number? Close of the previous session.", "change! number? Change since the previous close.",
        "changePercent! number? Change in percent.", "volume! number? Volume of the session.",
        "openInterest! number? Open interest of a derivative.",
        "session! string? State of the market, such as market or out_of_session.",
    ]

    static let quotes: [Schema] = [
        .init("Quote", quote, provenance),
        .init(
            "QuoteUpdate",
            ["symbol! string Symbol."], optional(quote).filter { !$0.hasPrefix("symbol") }, optional(provenance)
        ),
        .init(
            "Quotes",
            [
                "quotes! [Quote] Quotes, in the order requested.",
                "errors! [QuoteError] Symbols without a quote, in the order requested.",
            ]
        ),
        .init("QuoteError", ["symbol! string Symbol as requested.", "error! ErrorBody Why there is no quote."]),
    ]

    static let instruments: [Schema] = [
        .init(
            "Instruments",
            [
                "symbols! [Instrument] Matches, best first.", "source string Source that searched.",
                "note string Remark on how it was searched.",
            ]
        ),
        .init(
            "Instrument",
            [
                "symbol! string Symbol, EXCHANGE:TICKER.", "description! string? Name.",
                "type! string? Type, such as index or stock.", "exchange! string Exchange.",
                "currency! string? Currency.", "country! string? Country, two letters.",
            ]
        ),
        .init(
            "Expiries",
            [
                "symbol! string Underlying.", "expiries! [string] Expiry dates, nearest first.",
                "default! string? Expiry that is used where a request names none.",
            ], provenance
        ),
    ]

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

    static let coverage: [Schema] = [
        .init(
            "Coverage",
            [
                "symbol! string Symbol.", "interval! string Length of a bar.",
                "session! regular|extended Trading hours.",
                "adjustment! splits|dividends|none Price adjustment.",
                "backAdjusted boolean True where prices of a continuous future are adjusted at its rolls.",
                "source! store Always store.", "asOf! string Time of this response: ISO 8601, UTC.",
                "complete! boolean? Whether nothing is missing; null where that cannot be judged.",
                "notes [string] Remarks for people, such as why completeness cannot be judged.",
                "calendar! boolean Whether the trading calendar of this exchange is known.",
                "bars! integer Number of stored bars.", "first! integer? Oldest stored bar, UTC seconds.",
                "last! integer? Newest stored bar, UTC seconds.",
                "revisions! integer Number of bars that were revised.",
                "missingBars! integer? Number of missing bars.", "spans! [CoverageSpan] Ranges in time order.",
            ]
        ),
        .init(
            "CoverageSpan",
            [
                "from! integer Start, UTC seconds.", "to! integer End, UTC seconds.",
                "state! had|empty|missing had: stored; empty: known to have no bars; missing: to be fetched.",
                "reason string Why a range is empty or missing.",
            ]
        ),
    ]

    private static let sourceStatus = [
        "source! string Source.", "via string Host and port, only where the source is not at its built-in address.",
        "state! idle|connecting|connected|reconnecting|down State.", "since! string Since when: ISO 8601, UTC.",
        "reason! string? Why, where it is not connected.",
    ]

    static let service: [Schema] = [
        .init(
            "Index",
            [
                "name! string Always bhav.", "documentation! string Path of the OpenAPI document.",
                "stream! string Path of the WebSocket.", "paths! [IndexPath] Paths with their parameters.",
            ]
        ),
        .init("IndexPath", ["path! string Path.", "parameters! [string] Names of its parameters."]),
        .init(
            "Health",
            [
                "status! live|ready|unavailable State.",
                "reasons [string] Sources that are unavailable, and why; only of /health/ready.",
            ]
        ),
        .init(
            "Status",
            [
                "time! string Time of this response: ISO 8601, UTC.", "sources! [SourceReport] State of each source.",
                "subscriptions! [SubscriptionReport] Live subscriptions.",
                "store StoreReport State of the store, where there is one.",
            ]
        ),
        .init("SourceStatus", sourceStatus, ["lastData! string? Time of the last data: ISO 8601, UTC."]),
        .init(
            "SourceReport",
            sourceStatus.filter { !$0.hasPrefix("via") },
            [
                "lastData! string? Time of the last data: ISO 8601, UTC.",
                "lagSeconds! number? Seconds since the last data.", "reconnects! integer Number of reconnections.",
                "budgetLeft! integer? Requests left of today's quota; null where there is no quota.",
                "lastError! ErrorBody? Last error.", "lastErrorTime! string? Its time: ISO 8601, UTC.",
            ]
        ),
        .init(
            "SubscriptionReport",
            [
                "channel! string Channel.", "symbol! string Symbol.", "interval! string? Length of a bar.",
                "readers! integer Number of clients.",
                "state! connecting|signingIn|live|stale|backingOff|refused State.",
                "since! string Since when: ISO 8601, UTC.", "reason! string? Why it is not live.",
                "nextTry! string? Time of the next attempt: ISO 8601, UTC.",
                "lastData! string? Time of the last data: ISO 8601, UTC.",
                "ageSeconds! number? Seconds since the last data.",
            ]
        ),
        .init(
            "StoreReport",
            [
                "state! well|failing|readOnly State.",
                "questions! integer Number of requests that went through the store.",
                "barsFetched! integer Bars fetched from sources.", "barsInserted! integer Bars added.",
                "barsRevised! integer Bars changed.",
                "seriesFetchedAnew! integer Number of times a price change of a whole series made the server refetch it.",
                "lastWrite! string? Time of the last write: ISO 8601, UTC.", "lastError! string? Last error.",
                "lastErrorTime! string? Its time: ISO 8601, UTC.",
                "live! StoreLive Live bars on their way to the store.",
                "repair! StoreRepair Repair of gaps.",
            ]
        ),
        .init(
            "StoreLive",
            [
                "waiting! integer Bars that wait.", "written! integer Bars written.",
                "dropped! integer Bars that found no place; the repair fetches them again.",
            ]
        ),
        .init(
            "StoreRepair",
            [
                "waiting! integer Ranges that wait.", "current! string? Range under repair.",
                "done! integer Ranges repaired.", "failed! integer Ranges that failed.",
                "lastError! string? Last error.",
            ]
        ),
    ]

    static let udf: [Schema] = [
        .init(
            "UDFError",
            ["s! error Always error.", "errmsg! string Text for people.", "code! ErrorCode Error code."]
        ),
        .init(
            "UDFConfig",
            [
                "supported_resolutions! [string] Resolutions.", "supports_search! boolean Always true.",
                "supports_group_request! boolean Always false.", "supports_marks! boolean Always true.",
                "supports_timescale_marks! boolean Always true.", "supports_time! boolean Always true.",
                "exchanges! [UDFExchange] Exchanges to choose from.",
                "symbols_types! [UDFSymbolType] Types to choose from.",
            ]
        ),
        .init("UDFExchange", ["value! string Exchange.", "name! string Short name.", "desc! string Name."]),
        .init("UDFSymbolType", ["name! string Name.", "value! string Type."]),
        .init(
            "UDFSymbol",
            [
                "name! string Ticker.", "ticker! string Symbol.", "full_name! string Symbol.",
                "description! string Name.",
                "type! string Type.", "exchange! string Exchange.", "listed_exchange! string Exchange.",
                "timezone! string Time zone of the exchange.",
                "session! string Trading hours, as the library writes them.",
                "currency_code! string? Currency.", "minmov! integer Smallest price step, in units of 1/pricescale.",
                "pricescale! integer Denominator of prices.", "has_intraday! boolean Always true.",
                "intraday_multipliers! [string] Resolutions in minutes.",
                "has_seconds! boolean Whether the account may have bars of seconds.",
                "seconds_multipliers [string] Resolutions in seconds; absent without has_seconds.",
                "has_daily! boolean Always true.",
                "has_weekly_and_monthly! boolean Always true.",
                "visible_plots_set! ohlc|ohlcv Whether the instrument has volume.",
                "supported_resolutions! [string] Resolutions.", "format! string Always price.",
                "data_status! streaming|delayed_streaming|endofday How fresh the data are.",
                "delay! integer Delay in seconds; -1 for the end of the day.",
                "session_holidays string Holidays as YYYYMMDD, separated by commas.",
                "corrections string Hours of special sessions, such as 1345-1445:20251021, separated by semicolons.",
            ], provenance
        ),
        .init(
            "UDFInstrument",
            [
                "symbol! string Ticker.", "full_name! string Symbol.", "ticker! string Symbol.",
                "description! string Name.",
                "exchange! string Exchange.", "type! string Type.",
            ]
        ),
        .init(
            "UDFHistory",
            [
                "s! ok|no_data Whether there are bars.", "t [integer] Times, UTC seconds.", "o [number] Open prices.",
                "h [number] High prices.", "l [number] Low prices.", "c [number] Close prices.",
                "v [number?] Volumes, where the instrument has any.",
                "nextTime integer Newest bar before an empty range, UTC seconds.",
            ], optional(provenance)
        ),
        .init("UDFQuotes", ["s! ok Always ok.", "d! [UDFQuote] Quotes."]),
        .init(
            "UDFQuote",
            [
                "s! ok|error Whether there is a quote.", "n! string Symbol.", "errmsg string Why there is none.",
                "v! UDFQuoteValues Values; empty where there is no quote.",
            ]
        ),
        .init(
            "UDFQuoteValues",
            [
                "short_name string Ticker.", "exchange string Exchange.", "original_name string Symbol.",
                "description string Name.", "lp number? Last price.", "ch number? Change.",
                "chp number? Change in percent.",
                "bid number? Best bid.", "ask number? Best ask.", "open_price number? Open price of the session.",
                "high_price number? High of the session.", "low_price number? Low of the session.",
                "prev_close_price number? Close of the previous session.", "volume number? Volume of the session.",
            ], optional(provenance)
        ),
        .init(
            "UDFMarks",
            [
                "id! [string] Names.", "color! [string] Colours.", "text! [string] Texts.", "label! [string] Letters.",
                "labelFontColor! [string] Colours of the letters.", "time! [integer] Times, UTC seconds.",
                "minSize! [integer] Sizes.",
            ]
        ),
        .init(
            "UDFTimescaleMark",
            [
                "id! string Name.", "color! string Colour.", "label! string Letter.",
                "time! integer Time, UTC seconds.",
                "tooltip! [string] Text.",
            ]
        ),
    ]

    private static let legacyProvenance = [
        "source! string Source.", "mode! string Mode.", "as_of! string ISO 8601, UTC.",
    ]

    static let legacy: [Schema] = [
        .init("LegacyGreeting", ["message! string A greeting."]), .init("LegacyNothing", []),
        .init("LegacyAccount", ["positions! [LegacyNothing] Always empty."]),
        .init(
            "LegacyCandles",
            [
                "symbol! string Symbol as requested.", "interval! string Interval as requested.",
                "candles! [LegacyCandle] Bars, oldest first.",
                "complete! boolean Whether all requested bars are there.",
                "reason string Why there are fewer.",
            ], legacyProvenance
        ),
        .init(
            "LegacyCandle",
            [
                "time! integer Opening time, UTC seconds.", "open! number Open price.", "high! number High price.",
                "low! number Low price.", "close! number Close price.", "volume! number? Volume.",
                "final! boolean False while the bar is still forming.",
            ]
        ),
        .init(
            "LegacyOpenInterest",
            [
                "symbol! string Symbol as requested.", "pcr! number? Put-call ratio, rounded to two decimals.",
                "pcr_reason string Why it is null.", "strikes! [LegacyStrike] The 21 strikes around the money, sorted.",
                "atm_index! integer? Index of the strike at the money.", "spot! number? Price of the underlying.",
                "expiry! string Expiry date.", "unit! string Unit of open interest.",
                "timestamp! string Time of the numbers: ISO 8601, UTC.",
            ], legacyProvenance
        ),
        .init(
            "LegacyStrike",
            [
                "strike! number Strike price.", "ce_oi! number? Open interest of the call.",
                "pe_oi! number? Open interest of the put.", "ce_change! number? Its change, of the call.",
                "pe_change! number? Its change, of the put.", "ce_ltp! number? Last price of the call.",
                "pe_ltp! number? Last price of the put.",
            ]
        ),
    ]

    /// Fields that may all be absent.
    private static func optional(_ fields: [String]) -> [String] {
        fields.map { $0.replacing("! ", with: " ", maxReplacements: 1) }
    }

    /// One field, taken apart.
    struct Field {
        let name: String
        let isRequired: Bool
        let type: String
        let meaning: String

        init(_ text: String) {
            let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
            isRequired = parts[0].hasSuffix("!")
            name = isRequired ? String(parts[0].dropLast()) : parts[0]
            type = parts[1]
            meaning = parts.count > 2 ? parts[2] : ""
        }
    }

    /// The fields of an object as JSON Schema.
    static func schema(of fields: [String]) -> DocumentNode {
        let fields = fields.map(Field.init)
        let required = fields.filter(\.isRequired).map { DocumentNode.text($0.name) }
        let properties = fields.map { field -> (key: String, value: DocumentNode) in
            (field.name, .map([("description", .text(field.meaning))] + type(field.type).members))
        }
        return .map(
            [("type", "object")] + (required.isEmpty ? [] : [("required", .list(required))])
                + [("properties", .map(properties))])
    }

    /// A type as JSON Schema.
    static func type(_ text: String) -> DocumentNode {
        if text.hasSuffix("?") {
            let inner = type(String(text.dropLast()))
            switch (inner["type"], inner["enum"]) {
            case (.text(let name)?, nil):
                return .map([("type", [.text(name), "null"])] + inner.members.filter { $0.key != "type" })
            default: return ["anyOf": [inner, ["type": "null"]]]
            }
        }
        if text.hasPrefix("[") { return ["type": "array", "items": type(String(text.dropFirst().dropLast()))] }
        if text.hasPrefix("{") {
            return ["type": "object", "additionalProperties": type(String(text.dropFirst().dropLast()))]
        }
        if ["string", "number", "integer", "boolean"].contains(text) { return ["type": .text(text)] }
        if text.first?.isUppercase == true { return ["$ref": "#/components/schemas/\(text)"] }
        return ["type": "string", "enum": .list(text.split(separator: "|").map { .text(String($0)) })]
    }
}

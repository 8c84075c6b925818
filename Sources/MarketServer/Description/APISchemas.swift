/// The objects of the interface, each with its fields. OptionSchemas.swift and ChartSchemas.swift hold those of options
/// and of charting pages.
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
    static let provenance = [
        "source! tradingview|trendlyne|nse|store|mock Source of the numbers.",
        "via string Host and port, only where the source is not at its built-in address.",
        "feed! string? Instrument or endpoint that the numbers really come from, such as BATS:AAPL.",
        "mode! streaming|delayed|endOfDay|recorded|simulated How the numbers reached the server.",
        "delaySeconds! integer? Delay of the numbers; null where the source does not say.",
        "asOf! string Moment that the numbers describe: ISO 8601, UTC.",
    ]

    static let reasons = "reasons {string} Why a field of this object is null, under the name of that field."

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

    /// Fields that may all be absent.
    static func optional(_ fields: [String]) -> [String] {
        fields.map { $0.replacing("! ", with: " ", maxReplacements: 1) }
    }
}

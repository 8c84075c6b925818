/// The parameters of the interface. A name means the same at every path, except where a path says otherwise.
enum APIParameters {
    /// One parameter.
    struct Parameter: Sendable {
        let schema: DocumentNode
        let meaning: String
        let example: DocumentNode
    }

    /// Parameters whose meaning at one path is its own, by path and name.
    private static let special: [String: [String: Parameter]] = [
        "/v1/contract-history": [
            "type": .init(
                schema: ["type": "string", "enum": ["call", "put", "future"]], meaning: "Type of contract.",
                example: "call"),
            "interval": .init(
                schema: ["type": "string"], meaning: "Interval of the points (default 5m).", example: "5m"),
            "strike": .init(
                schema: ["type": "string", "maxLength": 32], meaning: "Strike price; required for call and put.",
                example: "26000"),
        ],
        "/v1/events": [
            "symbols": .init(
                schema: ["type": "string"], meaning: "Symbols of the channel quotes, separated by commas, at most 200.",
                example: "NSE:NIFTY,NSE:BANKNIFTY"),
            "symbol": .init(
                schema: ["type": "string", "maxLength": 128], meaning: "Symbol of the channels bars and open-interest.",
                example: "NSE:NIFTY"),
            "count": .init(
                schema: ["type": "integer", "minimum": 1, "maximum": 100_000],
                meaning: "Number of bars in the snapshot (default 300).", example: 5),
        ],
        "/api/market/candles": [
            "symbol": legacySymbol,
            "interval": .init(
                schema: ["type": "string"], meaning: "Length of a bar (default 1, one minute).", example: "5"),
        ],
        "/api/market/oi-data": ["symbol": legacySymbol],
        "/udf/history": [
            "from": .init(
                schema: chartTime, meaning: "Start, UTC seconds; ignored where countback is given.",
                example: 1_795_000_000),
            "to": .init(
                schema: chartTime, meaning: "End, exclusive, UTC seconds (default now).", example: 1_796_000_000),
        ],
        "/udf/marks": chartSpan,
        "/udf/timescale_marks": chartSpan,
    ]

    private static let legacySymbol = Parameter(
        schema: ["type": "string", "maxLength": 128], meaning: "Symbol; spaces are ignored (default NIFTY).",
        example: "NIFTY")
    private static let chartTime: DocumentNode = [
        "type": "integer", "minimum": -4_000_000_000, "maximum": 8_000_000_000,
    ]
    private static let chartSpan: [String: Parameter] = [
        "from": .init(schema: chartTime, meaning: "Start, UTC seconds (default 0).", example: 1_795_000_000),
        "to": .init(schema: chartTime, meaning: "End, UTC seconds (default now).", example: 1_796_000_000),
    ]

    private static let shared: [String: Parameter] = [
        "symbol": .init(
            schema: ["type": "string", "maxLength": 128],
            meaning: "EXCHANGE:TICKER, or a ticker of the symbol book such as NIFTY.", example: "NSE:NIFTY"),
        "symbols": .init(
            schema: ["type": "string"], meaning: "Symbols, separated by commas, at most 200.",
            example: "NSE:NIFTY,NSE:BANKNIFTY"),
        "interval": .init(
            schema: ["type": "string", "maxLength": 32],
            meaning: "Length of a bar: 1s to 1M; any whole number of minutes, hours or days.", example: "5m"),
        "count": .init(
            schema: ["type": "integer", "minimum": 1, "maximum": 100_000],
            meaning: "Number of most recent bars (default 300); not together with from.", example: 10),
        "from": .init(
            schema: ["type": "string"],
            meaning: "Start: a date of the exchange, ISO 8601, or seconds or milliseconds since 1970.",
            example: "2026-11-24"),
        "to": .init(
            schema: ["type": "string"],
            meaning: "End (default now). A date includes its day; any other time is exclusive.", example: "2026-11-25"),
        "session": .init(
            schema: ["type": "string", "enum": ["regular", "extended"]], meaning: "Trading hours (default regular).",
            example: "regular"),
        "adjustment": .init(
            schema: ["type": "string", "enum": ["splits", "dividends", "none"]],
            meaning: "Price adjustment (default splits).", example: "splits"),
        "backAdjust": .init(
            schema: ["type": "string", "enum": ["true", "false"]],
            meaning: "Adjust prices of a continuous future at its rolls (default false).", example: "false"),
        "currency": .init(
            schema: ["type": "string", "pattern": "^[A-Za-z]{3}$"],
            meaning: "Currency of the prices, where the source converts.", example: "INR"),
        "format": .init(
            schema: ["type": "string", "enum": ["json", "csv", "ndjson", "arrow"]],
            meaning: "Format of the response (default json).", example: "json"),
        "time": .init(
            schema: ["type": "string", "enum": ["unix", "iso", "exchange"]],
            meaning: "Format of times in csv and ndjson (default unix).", example: "iso"),
        "query": .init(schema: ["type": "string"], meaning: "Part of a ticker or a name.", example: "nifty"),
        "type": .init(
            schema: [
                "type": "string",
                "enum": [
                    "index", "stock", "futures", "option", "forex", "crypto", "bond", "fund", "economic", "cfd",
                ],
            ], meaning: "Only this type of instrument.", example: "index"),
        "exchange": .init(
            schema: ["type": "string"], meaning: "Only instruments of this exchange.", example: "NSE"),
        "limit": .init(
            schema: ["type": "integer", "minimum": 1, "maximum": 500],
            meaning: "Largest number of results (default 50, for /udf 30).", example: 5),
        "expiry": .init(
            schema: ["type": "string", "format": "date"], meaning: "Expiry date (default the nearest).",
            example: "2026-12-01"),
        "at": .init(
            schema: ["type": "string"], meaning: "A past moment, written like from (default now).",
            example: "2026-11-24T15:25:00+05:30"),
        "strikes": .init(
            schema: ["type": "string"], meaning: "all, or the lowest and the highest such as 24000-26000.",
            example: "all"),
        "strike": .init(
            schema: ["type": "string", "maxLength": 32], meaning: "Strike price, such as 26000 or 112.5.",
            example: "26000"),
        "rate": .init(
            schema: ["type": "number", "minimum": .number(-0.5), "maximum": .number(0.5)],
            meaning: "Interest rate: continuous, a year, 0.07 for 7 % (default 0).", example: .number(0.065)),
        "missing": .init(
            schema: ["type": "string", "enum": ["true", "false"]],
            meaning: "List only ranges that are missing (default false).", example: "true"),
        "channel": .init(
            schema: ["type": "string", "enum": ["quotes", "bars", "open-interest"]],
            meaning: "Channel to subscribe to.",
            example: "bars"),
        "n_bars": .init(
            schema: ["type": "integer", "minimum": 1, "maximum": 100_000],
            meaning: "Number of most recent bars (default 100).", example: 100),
        "resolution": .init(
            schema: ["type": "string", "maxLength": 32],
            meaning: "Length of a bar as the charting library writes it: 1S, 5, 60, 1D.", example: "1D"),
        "countback": .init(
            schema: ["type": "integer", "minimum": 1, "maximum": 100_000], meaning: "Exact number of bars before to.",
            example: 10),
        "currencyCode": .init(
            schema: ["type": "string", "pattern": "^[A-Za-z]{3}$"],
            meaning: "Currency of the prices, where the source converts.", example: "INR"),
        "unitId": .init(schema: ["type": "string"], meaning: "Unit of prices; not supported.", example: "kg"),
        "firstdatarequest": .init(schema: ["type": "string"], meaning: "Ignored.", example: "true"),
        "_": .init(schema: ["type": "string"], meaning: "Ignored.", example: "1"),
        "key": .init(
            schema: ["type": "string"], meaning: "API key, for clients that cannot send a header.",
            example: "bhav_0123"),
    ]

    /// The parameter of a path; `nil` where nothing is known of it.
    static func parameter(_ name: String, of path: String) -> Parameter? { special[path]?[name] ?? shared[name] }

    /// Every name that is described.
    static let names = Set(shared.keys)
}

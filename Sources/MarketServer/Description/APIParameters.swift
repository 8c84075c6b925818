/// What the interface's parameters mean, by name; every parameter of every endpoint has an entry here.
enum APIParameters {
    /// One parameter: its type in OpenAPI's terms, what it means, and an example.
    struct Parameter: Sendable {
        let schema: String
        let meaning: String
        let example: String
    }

    static let all: [String: Parameter] = [
        "symbol": .init(
            schema: "type: string, maxLength: 128", meaning: "EXCHANGE:TICKER, or a bare ticker of the symbol book.",
            example: "NSE:NIFTY"),
        "symbols": .init(
            schema: "type: string", meaning: "Instruments, separated by commas, at most 200.",
            example: "NSE:NIFTY,NSE:BANKNIFTY"),
        "interval": .init(
            schema: "type: string", meaning: "Length of a bar: 1s to 1M, and whole numbers of minutes, hours or days.",
            example: "5m"),
        "count": .init(
            schema: "type: integer, minimum: 1", meaning: "Number of most recent bars (default 300 without from).",
            example: "10"),
        "from": .init(
            schema: "type: string", meaning: "Start: UTC seconds, a date of the exchange, or ISO 8601.",
            example: "2026-11-24"),
        "to": .init(
            schema: "type: string", meaning: "End, exclusive for instants; a date includes its day (default now).",
            example: "2026-11-25"),
        "session": .init(
            schema: "type: string, enum: [regular, extended]", meaning: "Which trading hours (default regular).",
            example: "regular"),
        "adjustment": .init(
            schema: "type: string, enum: [splits, dividends, none]",
            meaning: "How prices are adjusted (default splits).", example: "splits"),
        "backAdjust": .init(
            schema: "type: string, enum: ['true', 'false']",
            meaning: "Whether a continuous future is adjusted backwards at rolls.", example: "false"),
        "currency": .init(
            schema: "type: string", meaning: "Currency of the prices, where the source converts.", example: "INR"),
        "format": .init(
            schema: "type: string, enum: [json, csv, ndjson, arrow]", meaning: "Shape of the response (default json).",
            example: "json"),
        "time": .init(
            schema: "type: string, enum: [unix, iso, exchange]",
            meaning: "How rows of csv and ndjson print times (default unix).", example: "iso"),
        "query": .init(schema: "type: string", meaning: "Part of a ticker or a name.", example: "nifty"),
        "type": .init(
            schema: "type: string", meaning: "Kind of instrument; for contracts call, put or future.", example: "index"),
        "exchange": .init(schema: "type: string", meaning: "Only instruments of this exchange.", example: "NSE"),
        "limit": .init(schema: "type: integer, minimum: 1, maximum: 500", meaning: "Most results.", example: "5"),
        "expiry": .init(
            schema: "type: string, format: date", meaning: "Expiry date (default the nearest).", example: "2026-12-01"),
        "at": .init(
            schema: "type: string", meaning: "A past moment (default now).", example: "2026-11-24T15:25:00+05:30"),
        "strikes": .init(
            schema: "type: string", meaning: "Which strikes: all, a number around the money, or a range.",
            example: "all"),
        "strike": .init(schema: "type: number", meaning: "One strike price.", example: "26000"),
        "rate": .init(schema: "type: number", meaning: "Interest rate a year, such as 0.065.", example: "0.065"),
        "missing": .init(
            schema: "type: string, enum: ['true', 'false']", meaning: "List only what is missing.", example: "true"),
        "channel": .init(
            schema: "type: string, enum: [quotes, bars, open-interest]", meaning: "What to follow.", example: "bars"),
        "n_bars": .init(
            schema: "type: integer, minimum: 1", meaning: "Number of most recent bars (default 100).", example: "100"),
        "resolution": .init(
            schema: "type: string", meaning: "Length of a bar in the charting library's spelling.", example: "1D"),
        "countback": .init(
            schema: "type: integer, minimum: 1", meaning: "Exact number of bars before to; from is then ignored.",
            example: "10"),
        "currencyCode": .init(
            schema: "type: string", meaning: "Currency of the prices, where the source converts.", example: "INR"),
        "unitId": .init(schema: "type: string", meaning: "Unit of prices; not supported.", example: "kg"),
        "firstdatarequest": .init(schema: "type: string", meaning: "Ignored.", example: "true"),
        "_": .init(schema: "type: string", meaning: "Ignored.", example: "1"),
        "key": .init(schema: "type: string", meaning: "An API key, where no header can be sent.", example: "bhav_0123"),
    ]
}

/// The fields of the interface's answers. A field is `name type meaning`; `!` after the name: always there; `?` after the
/// type: may be null.
enum APISchemas {
    private static let provenance = [
        "source! string Who gave the numbers: tradingview, trendlyne, nse, store or mock.",
        "via string Host and port, where the source is not at its built-in address.",
        "feed! string? The instrument or endpoint that really answered.",
        "mode! string streaming, delayed, endOfDay, recorded or simulated.",
        "delaySeconds! integer? How late the numbers are; null where the source does not say.",
        "asOf! string The moment that the numbers describe, ISO 8601, UTC.",
    ]

    /// The schemas, each with its fields.
    static let all: [(name: String, fields: [String])] = [
        ("Error", ["error! ErrorBody What went wrong."]),
        (
            "ErrorBody",
            [
                "code! string One of a closed set; programs switch on it.", "message! string For people.",
                "source! string? The source that failed; null where the request was at fault.",
                "retryable! boolean Whether the same request may succeed later.",
                "suggestions! [string] Symbols or values that may have been meant.",
            ]
        ),
        (
            "Bar",
            [
                "time! integer Opening instant, UTC seconds.", "tradingDay string Trading day of a daily bar.",
                "open! number Price.", "high! number Price.", "low! number Price.", "close! number Price.",
                "volume! number? null where the instrument has none.", "openInterest number Contracts or shares.",
                "final! boolean False while the bar still forms.",
            ]
        ),
        (
            "Bars",
            [
                "symbol! string Instrument.", "interval! string Length of a bar.", "session! string Trading hours.",
                "adjustment! string Price adjustment.", "backAdjusted boolean Whether rolls are adjusted backwards.",
                "currency string Currency of the prices.", "timeZone string The exchange's zone.",
                "builtFrom string The finer interval that the bars were built from.",
                "complete! boolean? Whether everything asked for is there; null where that cannot be judged.",
                "reason string Why there are fewer bars than asked for.",
                "gaps! [object] Spans without bars, each with a reason.",
                "notes [string] Sentences for people.", "origins [object] Who gave which bars, of stored answers.",
                "rolls [object] Where a continuous future changed contracts.", "bars! [Bar] Oldest first.",
            ] + provenance
        ),
        (
            "Quote",
            [
                "symbol! string Instrument.", "last! number? Last price.",
                "lastTime! integer? Of the last price, UTC seconds.",
                "bid! number? Best bid.", "ask! number? Best ask.", "open! number? Of the session.",
                "high! number? Of the session.", "low! number? Of the session.",
                "previousClose! number? Of the session before.",
                "change! number? Since the previous close.", "changePercent! number? The same in percent.",
                "volume! number? Of the session.", "openInterest! number? Of a contract.",
                "session! string? The market's state.",
            ] + provenance
        ),
        (
            "Quotes",
            [
                "quotes! [Quote] In the order asked for.",
                "errors! [object] Instruments without a quote, each with its error.",
            ]
        ),
        (
            "Symbols",
            [
                "symbols! [object] Matches, best first: symbol, description, type, exchange, currency, country.",
                "source string Who searched.", "via string Host and port of a source that was moved.",
                "note string How it was searched.",
            ]
        ),
        (
            "Expiries",
            [
                "symbol! string Underlying.", "expiries! [string] Dates, nearest first.",
                "default! string? The one used where none is given.",
            ]
                + provenance
        ),
        (
            "OpenInterest",
            [
                "symbol! string Underlying.", "expiry! string Date.", "unit! string shares or contracts.",
                "lotSize! number? Shares a contract.",
                "spot! number? Price of the underlying.", "atTheMoney! number? Strike nearest to spot.",
                "strikeRange! object Which strikes are covered.", "totals! object Sums and ratios.",
                "maxPain! number? Strike.",
                "analysis! object Figures, each with its rule or reason.",
                "strikes! [object] Calls and puts by strike.",
                "reasons object Why a figure is null.", "notes [string] Sentences for people.",
            ] + provenance
        ),
        (
            "OpenInterestHistory",
            [
                "symbol! string Underlying.", "strike! number? The one that is followed.",
                "snapshots! [object] In time order.",
            ]
        ),
        (
            "PutCallRatio",
            [
                "symbol! string Underlying.", "expiry! string? Date.", "unit! string? shares or contracts.",
                "strikeRange! object? Which strikes are covered.",
                "differences! [string] What differs among the snapshots.",
                "points! [object] In time order.",
            ] + provenance
        ),
        (
            "OptionChain",
            [
                "symbol! string Underlying.", "expiry! string Date.", "unit! string shares or contracts.",
                "lotSize! number? Shares a contract.",
                "spot! number? Price of the underlying.", "atTheMoney! number? Strike nearest to spot.",
                "strikeRange! object Which strikes are covered.", "totals! object Sums and ratios.",
                "maxPain! number? Strike.",
                "model! object The model and its inputs.", "analysis! object Figures, each with its rule or reason.",
                "sourceFigures! object The source's own figures.",
                "strikes! [object] Prices, volatility and greeks by strike.",
                "reasons object Why a figure is null.", "notes [string] Sentences for people.",
            ] + provenance
        ),
        (
            "ContractHistory",
            [
                "symbol! string Underlying.", "expiry! string Date.", "type! string call, put or future.",
                "strike! number? Of an option.",
                "interval! string Step.", "tradingDay! string Date.", "unit! string shares or contracts.",
                "lotSize! number? Shares a contract.",
                "points! [object] In time order.",
            ] + provenance
        ),
        (
            "Coverage",
            [
                "symbol! string Instrument.", "interval! string Length of a bar.", "session! string Trading hours.",
                "adjustment! string Price adjustment.", "backAdjusted boolean Whether rolls are adjusted backwards.",
                "source! string store.", "asOf! string When this was judged.",
                "complete! boolean? Whether nothing is missing.",
                "calendar! boolean Whether a calendar judged it.", "bars! integer Stored bars.",
                "first! integer? Oldest bar.",
                "last! integer? Newest bar.", "revisions! integer Bars that were revised.",
                "missingBars! integer? Bars that are missing.",
                "spans! [object] What is stored, empty and missing.",
            ]
        ),
        (
            "Status",
            [
                "time! string Now.", "sources! [object] Each source with its state.",
                "subscriptions! [object] Live subscriptions with their age.",
                "store object How the store is doing.",
            ]
        ),
        (
            "Health",
            ["status! string live, ready or unavailable.", "reasons [string] Sources that cannot answer, and why."]
        ),
        (
            "Index",
            [
                "name! string bhav.", "documentation! string Path of this document.",
                "stream! string Path of the WebSocket.",
                "paths! [object] Paths with their parameters.",
            ]
        ),
    ]

    /// The names of a schema's fields: those always there, and all.
    static func fields(of schema: String) -> (required: Set<String>, all: Set<String>) {
        let names = all.first { $0.name == schema }?.fields.compactMap { $0.split(separator: " ").first } ?? []
        let required = names.filter { $0.hasSuffix("!") }.map { String($0.dropLast()) }
        return (Set(required), Set(names.map { String($0.hasSuffix("!") ? $0.dropLast() : $0) }))
    }
}

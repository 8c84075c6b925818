/// What each path does, and the objects that it returns.
enum APIOperations {
    /// One path.
    struct Operation: Sendable {
        let summary: String
        /// The object that a response holds; `nil` where it is not JSON.
        var schema: String?
        /// Whether a response is a list of these objects.
        var isList = false
        /// The content type where a response is not JSON.
        var contentType = "application/json"
        /// Parameters without which a path returns 400.
        var required: Set<String> = []
    }

    /// Every path.
    static let all: [String: Operation] = [
        "/v1": .init(summary: "List the paths under /v1.", schema: "Index"),
        "/v1/bars": .init(summary: "Return bars.", schema: "Bars", required: ["symbol", "interval"]),
        "/v1/quotes": .init(summary: "Return quotes.", schema: "Quotes", required: ["symbols"]),
        "/v1/search": .init(summary: "Search instruments.", schema: "Instruments", required: ["query"]),
        "/v1/expiries": .init(summary: "Return option expiries.", schema: "Expiries", required: ["symbol"]),
        "/v1/open-interest": .init(
            summary: "Return open interest by strike.", schema: "OpenInterest", required: ["symbol"]),
        "/v1/oi": .init(summary: "Alias of /v1/open-interest.", schema: "OpenInterest", required: ["symbol"]),
        "/v1/open-interest/history": .init(
            summary: "Return open interest over time.", schema: "OpenInterestHistory", required: ["symbol", "from"]),
        "/v1/oi/history": .init(
            summary: "Alias of /v1/open-interest/history.", schema: "OpenInterestHistory", required: ["symbol", "from"]),
        "/v1/put-call-ratio": .init(
            summary: "Return put-call ratios.", schema: "PutCallRatios", required: ["symbol"]),
        "/v1/pcr": .init(summary: "Alias of /v1/put-call-ratio.", schema: "PutCallRatios", required: ["symbol"]),
        "/v1/option-chain": .init(
            summary: "Return an option chain with greeks.", schema: "OptionChain", required: ["symbol"]),
        "/v1/contract-history": .init(
            summary: "Return price and open interest of one contract through the newest session.",
            schema: "ContractHistory", required: ["symbol", "type"]),
        "/v1/coverage": .init(
            summary: "Return stored spans and gaps.", schema: "Coverage",
            required: ["symbol", "interval"]),
        "/v1/status": .init(summary: "Return the state of sources, subscriptions and store.", schema: "Status"),
        "/v1/events": .init(
            summary: "Stream one subscription as server-sent events.", contentType: "text/event-stream",
            required: ["channel"]),
        "/v1/stream": .init(summary: "Open a WebSocket with subscriptions.", schema: "Error"),
        "/ws": .init(summary: "Open the WebSocket of the legacy API.", schema: "Error"),
        "/health/live": .init(summary: "Report that the process runs.", schema: "Health"),
        "/health/ready": .init(summary: "Report whether a source of bars is available.", schema: "Health"),
        "/metrics": .init(summary: "Return metrics in the text format of Prometheus.", contentType: "text/plain"),
        "/openapi.yaml": .init(summary: "Return this document.", contentType: "application/yaml"),
        "/openapi.json": .init(summary: "Return this document as JSON."),
        "/asyncapi.yaml": .init(
            summary: "Return the AsyncAPI document of the WebSocket and the events.", contentType: "application/yaml"),
        "/asyncapi.json": .init(summary: "Return the AsyncAPI document as JSON."),
        "/api/": .init(summary: "Return a greeting.", schema: "LegacyGreeting"),
        "/api/market/candles": .init(summary: "Return bars.", schema: "LegacyCandles"),
        "/api/market/oi-data": .init(summary: "Return open interest by strike.", schema: "LegacyOpenInterest"),
        "/api/market/liquidity": .init(
            summary: "Return an empty list: order books are not recorded.", schema: "LegacyNothing", isList: true),
        "/api/positions": .init(
            summary: "Return an empty list: there is no trading.", schema: "LegacyNothing", isList: true),
        "/api/account": .init(summary: "Return an account without positions.", schema: "LegacyAccount"),
        "/udf/config": .init(summary: "Return the configuration of the data feed.", schema: "UDFConfig"),
        "/udf/time": .init(summary: "Return the time of the server, UTC seconds.", contentType: "text/plain"),
        "/udf/symbols": .init(
            summary: "Return an instrument.", schema: "UDFSymbol", required: ["symbol"]),
        "/udf/search": .init(summary: "Search instruments.", schema: "UDFInstrument", isList: true),
        "/udf/history": .init(
            summary: "Return bars.", schema: "UDFHistory", required: ["symbol", "resolution"]),
        "/udf/quotes": .init(summary: "Return quotes.", schema: "UDFQuotes", required: ["symbols"]),
        "/udf/marks": .init(
            summary: "Return marks on bars: rolls of continuous futures, splits of shares.", schema: "UDFMarks",
            required: ["symbol", "resolution"]),
        "/udf/timescale_marks": .init(
            summary: "Return marks on the time axis: expiries and holidays.", schema: "UDFTimescaleMark", isList: true,
            required: ["symbol", "resolution"]),
    ]
}

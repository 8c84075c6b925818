import ArgumentParser
import JSON
import MarketData
import MarketFormats

/// A tool that an assistant can call, with its arguments.
struct MCPTool: Sendable {
    /// An argument of a tool.
    struct Argument: Sendable {
        let name: String
        let description: String
        var isRequired = false
        var type = "string"
        var range: ClosedRange<Int>?
        var choices: [String] = []

        fileprivate var schema: JSONValue {
            var schema: [String: JSONValue] = ["type": .string(type), "description": .string(description)]
            if type == "array" { schema["items"] = ["type": "string"] }
            if let range {
                schema["minimum"] = .integer(range.lowerBound)
                schema["maximum"] = .integer(range.upperBound)
            }
            if !choices.isEmpty { schema["enum"] = .array(choices.map { .string($0) }) }
            return .object(schema)
        }
    }

    let name: String
    let title: String
    let description: String
    let arguments: [Argument]

    /// The tool as `tools/list` describes it.
    var listing: JSONValue {
        [
            "name": .string(name), "title": .string(title), "description": .string(description),
            "inputSchema": [
                "type": "object",
                "properties": .object(
                    Dictionary(arguments.map { ($0.name, $0.schema) }, uniquingKeysWith: { first, _ in first })),
                "required": .array(arguments.filter(\.isRequired).map { .string($0.name) }),
                "additionalProperties": false,
            ],
            "annotations": [
                "title": .string(title), "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true,
                "openWorldHint": true,
            ],
        ]
    }

    /// The largest number of bars in a result.
    static let mostBars = 500
    /// The largest number of symbols in a result.
    static let mostSymbols = 50

    private static let symbol = Argument(
        name: "symbol", description: "EXCHANGE:TICKER such as NSE:NIFTY, or a bare ticker such as NIFTY.",
        isRequired: true)
    private static let interval = Argument(
        name: "interval", description: "Length of a bar: 1m, 5m, 15m, 1h, 1d, 1w, 1M, or another whole number.")
    private static let expiry = Argument(
        name: "expiry", description: "Expiry as YYYY-MM-DD, or nearest, next, far (default: nearest).")
    private static let from = Argument(
        name: "from", description: "First moment: a date, a time of the exchange, an instant with a zone, or 30d ago.")
    private static let to = Argument(name: "to", description: "End (default: now).")
    private static let at = Argument(
        name: "at",
        description: "Past moment: a date, a time of the exchange, or an instant with a zone (default: now).")
    private static let strikes = Argument(
        name: "strikes",
        description: "all, or lowest-highest such as 24000-26000 (default: ten on either side of the money).")

    static let all: [MCPTool] = [
        MCPTool(
            name: "search_symbols", title: "Search symbols",
            description: "Finds instruments by part of their ticker or name.",
            arguments: [
                Argument(name: "query", description: "Part of a ticker or name.", isRequired: true),
                Argument(name: "exchange", description: "Exchange, such as NSE (default: all)."),
                Argument(
                    name: "limit", description: "Most symbols to list (default: 10).", type: "integer",
                    range: 1...mostSymbols),
            ]),
        MCPTool(
            name: "get_bars", title: "Get bars",
            description:
                "Returns past bars (open, high, low, close, volume), oldest first, with their source, delay and gaps. At most \(mostBars) bars.",
            arguments: [
                symbol, interval,
                Argument(
                    name: "count", description: "Number of most recent bars (default: 100).", type: "integer",
                    range: 1...mostBars), from, to,
                Argument(name: "session", description: "Trading hours.", choices: ["regular", "extended"]),
            ]),
        MCPTool(
            name: "get_quotes", title: "Get quotes",
            description: "Returns the latest quotes of some instruments, with their source and delay.",
            arguments: [
                Argument(
                    name: "symbols", description: "Symbols, at most \(mostSymbols).", isRequired: true, type: "array")
            ]),
        MCPTool(
            name: "list_expiries", title: "List expiries",
            description: "Lists the option expiries of an underlying, nearest first, now or at a past moment.",
            arguments: [symbol, at]),
        MCPTool(
            name: "get_open_interest", title: "Get open interest",
            description:
                "Returns open interest per strike, with totals, put-call ratio and max pain, now or at a past moment.",
            arguments: [symbol, expiry, at, strikes]),
        MCPTool(
            name: "get_option_chain", title: "Get option chain",
            description:
                "Returns an option chain with prices, implied volatilities and greeks (Black-76), now or at a past moment.",
            arguments: [
                symbol, expiry, at, strikes,
                Argument(
                    name: "rate", description: "Interest rate, continuous, such as 0.065 (default: 0).", type: "number"),
            ]),
        MCPTool(
            name: "get_put_call_ratio", title: "Get put-call ratio",
            description: "Returns put-call ratios by open interest, change and volume, now or as a series.",
            arguments: [symbol, expiry, from, to]),
        MCPTool(
            name: "get_coverage", title: "Get coverage",
            description: "Reports what the local store has of a series, what is missing and what is known to be empty.",
            arguments: [symbol, interval, from, to]),
        MCPTool(
            name: "get_status", title: "Get status",
            description: "Reports how each data source is doing and whether there is a local store.", arguments: []),
    ]
}

/// The arguments of a call, read strictly.
struct MCPArguments: Sendable {
    private let values: [String: JSONValue]
    let now: Timestamp

    /// - Throws: `MarketDataError.badRequest` for an argument that the tool does not take, or one that is missing.
    init(_ value: JSONValue?, of tool: MCPTool, now: Timestamp) throws(MarketDataError) {
        self.now = now
        switch value {
        case nil, .null?: values = [:]
        case .object(let members)?: values = members.filter { $0.value != .null }
        default: throw .badRequest("arguments must be an object")
        }
        let known = tool.arguments.map(\.name)
        if let stray = values.keys.sorted().first(where: { !known.contains($0) }) {
            throw .badRequest(
                "unknown argument '\(stray.prefix(60))'; \(tool.name) takes \(known.joined(separator: ", "))")
        }
        for argument in tool.arguments where argument.isRequired && values[argument.name] == nil {
            throw .badRequest("\(argument.name) is missing: \(argument.description)")
        }
    }

    func text(_ name: String) throws(MarketDataError) -> String? {
        guard let value = values[name] else { return nil }
        guard let text = value.string, text.utf8.count <= 200 else {
            throw .badRequest("\(name) must be a text of at most 200 characters")
        }
        return text.isEmpty ? nil : text
    }

    func count(_ name: String, in range: ClosedRange<Int>) throws(MarketDataError) -> Int? {
        guard let value = values[name] else { return nil }
        guard let count = value.integer, range.contains(count) else {
            throw .badRequest("\(name) must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return count
    }

    func number(_ name: String) throws(MarketDataError) -> Double? {
        guard let value = values[name] else { return nil }
        guard let number = value.double else { throw .badRequest("\(name) must be a number") }
        return number
    }

    func texts(_ name: String, most: Int) throws(MarketDataError) -> [String] {
        var texts: [String] = []
        switch values[name] {
        case .string(let text)?: texts = text.split(separator: ",").map { String($0.filter { $0 != " " }) }
        case .array(let items)?: texts = items.compactMap(\.string)
        default: break
        }
        guard (1...most).contains(texts.count) else { throw .badRequest("\(name) must be 1 to \(most) symbols") }
        return texts
    }

    func interval() throws(MarketDataError) -> Interval {
        guard let text = try text("interval") else { return .oneDay }
        if let interval = Interval(argument: text) { return interval }
        return try Interval(text)
    }

    func expiry() throws(MarketDataError) -> ExpiryArgument? {
        guard let text = try text("expiry") else { return nil }
        do { return try ExpiryArgument(text) } catch {
            throw .badRequest("expiry '\(text)' must be a date such as 2026-11-24, or nearest, next, far")
        }
    }

    /// The past moment; `nil` for now.
    func moment(of symbol: Symbol) throws(MarketDataError) -> Timestamp? {
        guard let text = try text("at") else { return nil }
        return try MomentOption.moment(text, of: symbol, now: now)
    }

    func strikes() throws(MarketDataError) -> StrikeSelection? {
        guard let text = try text("strikes") else { return nil }
        return try StrikeSelection(text)
    }

    func range(of symbol: Symbol) throws -> TimeRange? {
        let (from, to) = (try text("from"), try text("to"))
        guard from != nil || to == nil else { throw MarketDataError.badRequest("to needs from") }
        return try TimeRangeOption.range(from: from, to: to, symbol: symbol, now: now)
    }
}

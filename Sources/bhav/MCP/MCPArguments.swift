import ArgumentParser
import JSON
import MarketData
import MarketFormats

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

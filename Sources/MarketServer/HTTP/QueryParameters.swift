import Foundation
import MarketData
import MarketFormats

/// The query of a request, read strictly: a name that the route does not know, or one given twice, is an error.
struct QueryParameters: Sendable {
    private let values: [String: Substring]

    /// The longest value of a parameter that is not a list, in bytes.
    private static let longest = 512
    private static let lists: Set = ["symbols"]

    /// Reads a query.
    /// - Parameters:
    ///   - ignoresUnknown: Whether a name that is not known is skipped.
    ///   - ignoresEmpty: Whether a parameter with an empty value counts as not given.
    /// - Throws: `MarketDataError` with code `badRequest`, naming the parameter.
    init(
        _ query: String?, known: [String], ignoresUnknown: Bool = false, ignoresEmpty: Bool = false
    ) throws(MarketDataError) {
        var values: [String: Substring] = [:]
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0]).removingPercentEncoding ?? String(parts[0])
            guard known.contains(name) else {
                if ignoresUnknown { continue }
                let list = known.filter { $0 != "key" }.joined(separator: ", ")
                throw .badRequest(
                    "unknown parameter '\(name.prefix(64))'"
                        + (list.isEmpty ? "; there are none here" : "; this request takes \(list)"))
            }
            guard values[name] == nil else { throw .badRequest("the parameter '\(name)' is given twice") }
            let value = parts.count == 2 ? parts[1] : ""
            guard value.utf8.count <= QueryParameters.longest || QueryParameters.lists.contains(name) else {
                throw .init(.tooLarge, "the parameter '\(name)' is longer than \(QueryParameters.longest) bytes")
            }
            // An unset variable in a script is a mistake: `at=` must not mean now.
            guard ignoresEmpty || !value.isEmpty else {
                throw .badRequest("the parameter '\(name)' is empty; give it a value or leave it out")
            }
            values[name] = value
        }
        self.values = values
    }

    /// A parameter's text, `nil` where it is not given or empty. A plus sign is one, as in `+05:30`.
    func text(_ name: String) throws(MarketDataError) -> String? {
        guard let raw = values[name], !raw.isEmpty else { return nil }
        guard let text = raw.removingPercentEncoding else {
            throw .badRequest("the parameter '\(name)' is not readable UTF-8")
        }
        return text
    }

    /// A parameter's text that must be there.
    func required(_ name: String, _ hint: String) throws(MarketDataError) -> String {
        guard let text = try text(name) else { throw .badRequest("the parameter '\(name)' is missing; \(hint)") }
        return text
    }

    /// The text of a parameter; a plus sign is a space, as forms send it.
    func words(_ name: String) throws(MarketDataError) -> String? {
        guard let raw = values[name], !raw.isEmpty else { return nil }
        guard let text = raw.replacing("+", with: " ").removingPercentEncoding else {
            throw .badRequest("the parameter '\(name)' is not readable UTF-8")
        }
        return text
    }
}

extension QueryParameters {
    /// The instrument, `EXCHANGE:TICKER` or a bare ticker of the symbol book.
    func symbol(_ name: String = "symbol") throws(MarketDataError) -> Symbol {
        try SymbolBook.symbol(required(name, "write EXCHANGE:TICKER, such as NSE:NIFTY"))
    }

    /// The instruments of a comma-separated list.
    func symbols(atMost limit: Int) throws(MarketDataError) -> SymbolList {
        let hint = "write them with commas between, such as NSE:NIFTY,NSE:BANKNIFTY"
        let names = try required("symbols", hint).split(separator: ",").map { String($0).trimmed }
        guard !names.isEmpty else { throw .badRequest("the parameter 'symbols' names nothing; \(hint)") }
        guard names.count <= limit else {
            throw .init(.tooLarge, "the parameter 'symbols' names \(names.count); one request may name \(limit)")
        }
        return try SymbolList(names)
    }

    /// The length of a bar.
    func interval() throws(MarketDataError) -> Interval {
        try Interval(required("interval", "write one such as 1m, 5m, 1h or 1d"))
    }

    /// An integer within bounds.
    func integer(_ name: String, default usual: Int, in range: ClosedRange<Int>) throws(MarketDataError) -> Int {
        guard let text = try text(name) else { return usual }
        guard let value = Int(text) else {
            throw .badRequest("the parameter '\(name)' must be an integer, got '\(text)'")
        }
        guard value <= range.upperBound else {
            throw .init(.tooLarge, "the parameter '\(name)' is \(value); the most is \(range.upperBound)")
        }
        guard value >= range.lowerBound else {
            throw .badRequest("the parameter '\(name)' is \(value); the least is \(range.lowerBound)")
        }
        return value
    }

    /// A day.
    func date(_ name: String) throws(MarketDataError) -> CalendarDate? {
        guard let text = try text(name) else { return nil }
        guard let date = CalendarDate(text) else {
            throw .badRequest("\(name) must be a date, got '\(text)'; use 2026-11-24")
        }
        return date
    }

    /// An instant; a date or a time without a zone is the exchange's. Grafana and JavaScript send milliseconds.
    func time(
        _ name: String, of symbol: Symbol, dateMeans edge: Timestamp.DayEdge = .start
    ) throws(MarketDataError) -> Timestamp? {
        guard let text = try text(name) else { return nil }
        if (12...14).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let milliseconds = Int64(text)
        {
            return Timestamp(milliseconds: milliseconds)
        }
        do {
            return try Timestamp(text, zone: ExchangeZone.zone(of: symbol.exchange), dateMeans: edge)
        } catch {
            throw .badRequest("the parameter '\(name)' cannot be read: \(error.message)")
        }
    }

    /// A span from `from` to `to`, up to now where `to` is not given; `nil` where neither is.
    func range(of symbol: Symbol, now: Timestamp) throws(MarketDataError) -> TimeRange? {
        let from = try time("from", of: symbol)
        let to = try time("to", of: symbol, dateMeans: .end)
        guard let from else {
            guard to == nil else { throw .badRequest("the parameter 'to' is given without 'from'") }
            return nil
        }
        let range = TimeRange(from: from, to: to ?? now.advanced(bySeconds: 1))
        guard range.from < range.to else {
            throw .badRequest("the parameters 'from' and 'to' make an empty range: 'from' must lie before 'to'")
        }
        return range
    }

    /// One of a fixed set of values.
    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, default usual: Word
    ) throws(MarketDataError) -> Word where Word.RawValue == String {
        guard let text = try text(name) else { return usual }
        guard let word = Word(rawValue: text) else {
            let list = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badRequest("the parameter '\(name)' is '\(text)'; it may be \(list)")
        }
        return word
    }

    /// The format of the response.
    func format() throws(MarketDataError) -> ResponseFormat { try word("format", default: ResponseFormat.json) }
}

extension String {
    /// The text without spaces at its ends.
    var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

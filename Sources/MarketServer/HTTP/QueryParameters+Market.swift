import MarketData
import MarketFormats

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

    /// A whole number within bounds.
    func integer(_ name: String, default usual: Int, in range: ClosedRange<Int>) throws(MarketDataError) -> Int {
        guard let text = try text(name) else { return usual }
        guard let value = Int(text) else {
            throw .badRequest("the parameter '\(name)' is '\(text)', which is no whole number")
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
            throw .badRequest("the parameter '\(name)' is '\(text)', which is no date; write 2026-11-24")
        }
        return date
    }

    /// An instant; a date or a time without a zone is the exchange's.
    func time(
        _ name: String, of symbol: Symbol, dateMeans edge: Timestamp.DayEdge = .start
    ) throws(MarketDataError) -> Timestamp? {
        guard let text = try text(name) else { return nil }
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

    /// One of a closed set of words.
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

    /// The format of the answer.
    func format() throws(MarketDataError) -> AnswerFormat { try word("format", default: AnswerFormat.json) }
}

extension String {
    /// The text without spaces at its ends.
    var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

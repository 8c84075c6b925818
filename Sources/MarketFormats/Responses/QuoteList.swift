public import Foundation
public import JSON
public import MarketData

/// Quotes of several instruments, and why others have none.
public struct QuoteList: MarketResponse {
    /// An instrument without a quote.
    public struct Refusal: Hashable, Sendable {
        /// The name whose quote is unavailable, as requested.
        public let name: String
        /// Why.
        public let error: MarketDataError

        public init(symbol: Symbol, error: MarketDataError) {
            self.init(name: symbol.description, error: error)
        }

        /// The rejection of a name that is not an instrument.
        public init(name: String, error: MarketDataError) {
            self.name = name
            self.error = error
        }
    }

    /// In the order of the request.
    public let quotes: [Quote]
    /// In the order of the request.
    public let errors: [Refusal]

    public init(quotes: [Quote], errors: [Refusal] = []) {
        self.quotes = quotes
        self.errors = errors
    }

    public var timeZone: TimeZone? { quotes.first.flatMap { ExchangeZone.zone(of: $0.symbol.exchange) } }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        writeFields(to: &json)
        json.endObject()
    }

    /// Writes the fields of the response into an object that is open, as the stream's snapshot needs them.
    public func writeFields(to json: inout JSONWriter) {
        json.beginArray("quotes")
        for quote in quotes { quote.write(to: &json) }
        json.endArray()
        json.beginArray("errors")
        for refusal in errors {
            json.beginObject()
            json.field("symbol", refusal.name)
            json.key("error")
            refusal.error.writeFields(to: &json)
            json.endObject()
        }
        json.endArray()
    }

    public var columns: [String] { Quote.columns }

    public func rows(_ emit: ([Cell]) -> Void) {
        for quote in quotes { emit(quote.row) }
    }
}

extension Quote {
    /// The columns of a quote's row.
    public static let columns = [
        "symbol", "last", "lastTime", "bid", "ask", "open", "high", "low", "previousClose", "change", "changePercent",
        "volume", "openInterest", "session", "source", "feed", "mode", "delaySeconds", "asOf",
    ]

    /// The quote as a row, a cell for each column.
    public var row: [Cell] {
        [
            .text(symbol.description), .number(last), .time(lastTime), .number(bid), .number(ask), .number(open),
            .number(high), .number(low), .number(previousClose), .number(change), .number(changePercent),
            .number(volume), .number(openInterest), .text(session), .text(provenance.source.rawValue),
            .text(provenance.feed), .text(provenance.mode.rawValue), .integer(provenance.delaySeconds.map(Int64.init)),
            .text(provenance.asOf.description),
        ]
    }
}

extension Quote {
    /// Writes every field; unknown ones are `null`.
    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("symbol", symbol.description)
        writeValues(since: nil, to: &json)
        provenance.writeFields(to: &json)
        json.endObject()
    }

    /// Writes the symbol, the time of the last price and what differs from an earlier state of the quote.
    public func writeChanges(since former: Quote, to json: inout JSONWriter) {
        json.beginObject()
        json.field("symbol", symbol.description)
        if lastTime == former.lastTime {
            json.field("lastTime", lastTime?.seconds)
        }
        writeValues(since: former, to: &json)
        if provenance.withoutTime != former.provenance.withoutTime { provenance.writeFields(to: &json) }
        json.endObject()
    }

    private func writeValues(since former: Quote?, to json: inout JSONWriter) {
        func value(_ name: StaticString, _ value: Double?, _ formerValue: Double??) {
            guard former == nil || formerValue != .some(value) else { return }
            json.field(name, value)
        }
        value("last", last, former?.last)
        value("bid", bid, former?.bid)
        value("ask", ask, former?.ask)
        value("open", open, former?.open)
        value("high", high, former?.high)
        value("low", low, former?.low)
        value("previousClose", previousClose, former?.previousClose)
        value("change", change, former?.change)
        value("changePercent", changePercent, former?.changePercent)
        value("volume", volume, former?.volume)
        value("openInterest", openInterest, former?.openInterest)
        if former == nil || former?.lastTime != lastTime {
            json.field("lastTime", lastTime?.seconds)
        }
        if former == nil || former?.session != session {
            json.field("session", session)
        }
    }
}

extension Provenance {
    fileprivate var withoutTime: Provenance {
        var copy = self
        copy.asOf = Timestamp(milliseconds: 0)
        return copy
    }
}

import JSON
import MarketData
import NIOCore

/// What a subscription follows.
enum StreamRequest: Hashable, Sendable {
    case quotes(SymbolList)
    case bars(BarRequest)
    case openInterest(OpenInterestRequest)
}

/// What a client of the stream may say.
enum StreamCommand: Hashable, Sendable {
    case subscribe(id: String, StreamRequest)
    case unsubscribe(id: String)
    case ping

    /// A message that could not be understood, with the id that it named.
    struct Fault: Error {
        let id: String?
        let error: MarketDataError
    }

    /// Reads a message.
    /// - Throws: `Fault`, naming what was wrong.
    init(_ message: ByteBuffer, symbolLimit: Int) throws(Fault) {
        let fields = try Fields(message)
        do throws(MarketDataError) {
            switch fields.type {
            case "ping": self = .ping
            case "subscribe": self = .subscribe(id: try fields.subscriptionID, try fields.request(symbolLimit))
            case "unsubscribe": self = .unsubscribe(id: try fields.subscriptionID)
            case let type?: throw .badRequest("unknown type '\(type)'; it may be subscribe, unsubscribe or ping")
            case nil: throw .badRequest("the field 'type' is missing; it may be subscribe, unsubscribe or ping")
            }
        } catch {
            throw Fault(id: try? fields.subscriptionID, error: error)
        }
    }
}

/// The fields of a message as they came.
private struct Fields {
    let type: String?
    let id: String?
    let channel: String?
    let symbol: String?
    let symbols: [String]?
    let interval: String?
    let count: Double?
    let session: String?
    let adjustment: String?
    let currency: String?
    let expiry: String?

    init(_ message: ByteBuffer) throws(StreamCommand.Fault) {
        guard let value = JSONValue(parsing: Array(message.readableBytesView)) else {
            throw .init(id: nil, error: .badRequest("the message is not JSON"))
        }
        guard case .object(let fields) = value else {
            throw .init(id: nil, error: .badRequest("the message must be a JSON object"))
        }
        do throws(MarketDataError) {
            type = try Fields.read("type", fields, \.string)
            id = try Fields.read("id", fields, \.string)
            channel = try Fields.read("channel", fields, \.string)
            symbol = try Fields.read("symbol", fields, \.string)
            symbols = try Fields.read("symbols", fields, \.strings)
            interval = try Fields.read("interval", fields, \.string)
            count = try Fields.read("count", fields, \.double)
            session = try Fields.read("session", fields, \.string)
            adjustment = try Fields.read("adjustment", fields, \.string)
            currency = try Fields.read("currency", fields, \.string)
            expiry = try Fields.read("expiry", fields, \.string)
        } catch {
            throw .init(id: try? Fields.checked(fields["id"]?.string), error: error)
        }
    }

    /// A field that may be absent or null.
    private static func read<Value>(
        _ name: String, _ fields: [String: JSONValue], _ kind: (JSONValue) -> Value?
    ) throws(MarketDataError) -> Value? {
        guard let value = fields[name], !value.isNull else { return nil }
        guard let read = kind(value) else { throw .badRequest("the field '\(name)' is of the wrong kind") }
        return read
    }

    /// A message's name for its subscription, whatever else is in the message.
    private static func checked(_ id: String?) throws(MarketDataError) -> String {
        guard let id, !id.isEmpty else {
            throw .badRequest("the field 'id' is missing; name the subscription as you like")
        }
        guard id.utf8.count <= 128 else { throw .badRequest("the field 'id' is longer than 128 characters") }
        return id
    }

    var subscriptionID: String {
        get throws(MarketDataError) { try Fields.checked(id) }
    }

    func request(_ symbolLimit: Int) throws(MarketDataError) -> StreamRequest {
        switch channel {
        case "quotes": return .quotes(try quoteSymbols(symbolLimit))
        case "bars": return .bars(try barRequest)
        case "open-interest": return .openInterest(try openInterestRequest)
        case let channel?:
            throw .badRequest("unknown channel '\(channel)'; it may be quotes, bars or open-interest")
        case nil: throw .badRequest("the field 'channel' is missing; it may be quotes, bars or open-interest")
        }
    }

    private func quoteSymbols(_ limit: Int) throws(MarketDataError) -> SymbolList {
        guard let texts = symbols ?? symbol.map({ [$0] }), !texts.isEmpty else {
            throw .badRequest("the field 'symbols' is missing; it is a list such as [\"NSE:NIFTY\"]")
        }
        guard texts.count <= limit else {
            throw .init(.tooLarge, "the field 'symbols' names \(texts.count); one subscription may name \(limit)")
        }
        return try SymbolList(texts)
    }

    private var barRequest: BarRequest {
        get throws(MarketDataError) {
            guard let interval else { throw .badRequest("the field 'interval' is missing; write one such as 1m") }
            let request = BarRequest(
                symbol: try oneSymbol, interval: try Interval(interval), span: .count(try wholeCount),
                hours: try word("session", session) ?? .regular,
                adjustment: try word("adjustment", adjustment) ?? .splits, currency: currency)
            try request.validate()
            return request
        }
    }

    private var wholeCount: Int {
        get throws(MarketDataError) {
            guard let count else { return 300 }
            guard let whole = Int(exactly: count) else {
                throw .badRequest("'count' must be an integer, got \(count)")
            }
            return whole
        }
    }

    private var openInterestRequest: OpenInterestRequest {
        get throws(MarketDataError) {
            var date: CalendarDate?
            if let expiry {
                date = CalendarDate(expiry)
                guard date != nil else {
                    throw .badRequest("'expiry' must be a date such as 2026-11-24, got \(expiry)")
                }
            }
            return OpenInterestRequest(symbol: try oneSymbol, expiry: date)
        }
    }

    private var oneSymbol: Symbol {
        get throws(MarketDataError) {
            guard let symbol else {
                throw .badRequest("the field 'symbol' is missing; write EXCHANGE:TICKER, such as NSE:NIFTY")
            }
            return try SymbolBook.symbol(symbol)
        }
    }

    private func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ text: String?
    ) throws(MarketDataError) -> Word? where Word.RawValue == String {
        guard let text else { return nil }
        guard let word = Word(rawValue: text) else {
            let list = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badRequest("the field '\(name)' is '\(text)'; it may be \(list)")
        }
        return word
    }
}

extension JSONValue {
    /// The value, where it is a list of texts.
    fileprivate var strings: [String]? {
        guard let values = array else { return nil }
        let texts = values.compactMap(\.string)
        return texts.count == values.count ? texts : nil
    }
}

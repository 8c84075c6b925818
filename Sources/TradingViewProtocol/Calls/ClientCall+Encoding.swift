import JSON
import MarketData

extension ClientCall {
    /// The framed call in ASCII, so that every way of counting LEN agrees.
    public func encoded() -> [UInt8] { PacketEncoder.encode(payload) }

    /// The JSON alone, `{"m":name,"p":[…]}`. For `setAuthToken` it holds the token: never log it.
    public var payload: [UInt8] {
        // The order in which TradingView writes it.
        var writer = JSONWriter(characters: .ascii)
        writer.beginObject()
        writer.field("m", name)
        writer.field("p", .array(parameters))
        writer.endObject()
        return writer.bytes
    }

    /// The method's name on the wire.
    public var name: String {
        switch self {
        case .setAuthToken: "set_auth_token"
        case .setLocale: "set_locale"
        case .chartCreateSession: "chart_create_session"
        case .chartDeleteSession: "chart_delete_session"
        case .switchTimezone: "switch_timezone"
        case .resolveSymbol: "resolve_symbol"
        case .createSeries: "create_series"
        case .modifySeries: "modify_series"
        case .removeSeries: "remove_series"
        case .requestMoreData: "request_more_data"
        case .requestMoreTickmarks: "request_more_tickmarks"
        case .getFirstBarTime: "get_first_bar_time"
        case .createStudy: "create_study"
        case .removeStudy: "remove_study"
        case .quoteCreateSession: "quote_create_session"
        case .quoteDeleteSession: "quote_delete_session"
        case .quoteSetFields: "quote_set_fields"
        case .quoteAddSymbols: "quote_add_symbols"
        case .quoteFastSymbols: "quote_fast_symbols"
        case .quoteRemoveSymbols: "quote_remove_symbols"
        case .quoteHibernateAll: "quote_hibernate_all"
        }
    }

    private var parameters: [JSONValue] {
        switch self {
        case .setAuthToken(let token): [.string(token)]
        case .setLocale(let language, let country): [.string(language), .string(country)]
        case .chartCreateSession(let session): [.string(session.rawValue), ""]
        case .chartDeleteSession(let session), .quoteCreateSession(let session), .quoteDeleteSession(let session),
            .quoteHibernateAll(let session):
            texts(session)
        case .switchTimezone(let session, let zone): texts(session, zone)
        case .resolveSymbol(let session, let name, let specification): texts(session, name, specification.text)
        case .createSeries(let session, let series, let turnaround, let symbol, let resolution, let count, let range):
            texts(session, series, turnaround, symbol, resolution.code) + [count.parameter, .string(range)]
        case .modifySeries(let session, let series, let turnaround, let symbol, let resolution, let range):
            texts(session, series, turnaround, symbol, resolution.code, range)
        case .removeSeries(let session, let id), .removeStudy(let session, let id): texts(session, id)
        case .requestMoreData(let session, let series, let count),
            .requestMoreTickmarks(let session, let series, let count):
            texts(session, series) + [.integer(count)]
        case .getFirstBarTime(let session, let symbol, let resolution): texts(session, symbol, resolution.code)
        case .createStudy(let session, let study, let turnaround, let series, let type, let inputs):
            texts(session, study, turnaround, series, type) + [.object(inputs)]
        case .quoteSetFields(let session, let names), .quoteAddSymbols(let session, let names),
            .quoteFastSymbols(let session, let names), .quoteRemoveSymbols(let session, let names):
            texts(session) + names.map { .string($0) }
        }
    }

    private func texts(_ session: SessionID, _ rest: String...) -> [JSONValue] {
        [.string(session.rawValue)] + rest.map { .string($0) }
    }
}

extension BarCount {
    fileprivate var parameter: JSONValue {
        switch self {
        case .newest(let count): .integer(count)
        case .upTo(let time, let count): ["bar_count", .integer(Int(time.seconds)), .integer(count)]
        }
    }
}

extension ClientCall: CustomStringConvertible, CustomDebugStringConvertible {
    /// The call in words that may be logged: a token is never in them.
    public var description: String {
        if case .setAuthToken = self { return "set_auth_token [hidden]" }
        return "\(name) \(JSONValue.array(parameters).text)"
    }

    /// The same as `description`.
    public var debugDescription: String { description }
}

extension ClientCall: CustomReflectable {
    /// Nothing inside is shown, so that a dump does not hold the token either.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .enum) }
}

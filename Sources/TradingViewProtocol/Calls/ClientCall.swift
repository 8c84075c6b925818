public import JSON
public import MarketData

/// The calls of a client to TradingView's data server, for history, live bars and quotes.
public enum ClientCall: Hashable, Sendable {
    /// Signs in: a token, or `ClientCall.anonymousToken`. May be sent again to renew.
    case setAuthToken(String)
    /// The language of descriptions, such as `en`, `US`.
    case setLocale(language: String, country: String)

    /// Opens a chart session, which holds symbols, series and studies.
    case chartCreateSession(SessionID)
    /// Ends a chart session.
    case chartDeleteSession(SessionID)
    /// The zone of tick marks; bar times stay UTC. A zone that the server does not know ends the session.
    case switchTimezone(SessionID, zone: String)
    /// Resolves under a name that this session has not used before.
    case resolveSymbol(SessionID, name: String, SymbolSpecification)
    /// Makes a series of the symbol resolved under `symbolName`. The range selects what is visible; "" for all.
    case createSeries(
        SessionID, series: String, turnaround: String, symbolName: String, Resolution, BarCount, range: String = "")
    /// Gives a series another symbol, resolution or range under a new turnaround, without a bar count.
    case modifySeries(
        SessionID, series: String, turnaround: String, symbolName: String, Resolution, range: String = "")
    /// Ends a series; for an unknown one the server ends the session.
    case removeSeries(SessionID, series: String)
    /// Older bars.
    case requestMoreData(SessionID, series: String, count: Int)
    /// Time points of the future.
    case requestMoreTickmarks(SessionID, series: String, count: Int)
    /// When a symbol's history begins.
    case getFirstBarTime(SessionID, symbolName: String, Resolution)
    /// Makes a study of a series.
    case createStudy(
        SessionID, study: String, turnaround: String, series: String, type: String, inputs: [String: JSONValue])
    /// Ends a study.
    case removeStudy(SessionID, study: String)

    /// Opens a quote session.
    case quoteCreateSession(SessionID)
    /// Ends a quote session.
    case quoteDeleteSession(SessionID)
    /// Replaces the list of fields; without it all fields are sent.
    case quoteSetFields(SessionID, [String])
    /// Adds names, verbatim: plain or `={…}`. Never with an options object, which has ended the session since 2024.
    case quoteAddSymbols(SessionID, [String])
    /// The names that get every update; replaces the former set.
    case quoteFastSymbols(SessionID, [String])
    /// Ends the quotes of names.
    case quoteRemoveSymbols(SessionID, [String])
    /// Slow updates for all.
    case quoteHibernateAll(SessionID)

    /// The token of a client that has not signed in.
    public static let anonymousToken = "unauthorized_user_token"
}

/// How many bars a new series shall hold, and up to when.
public enum BarCount: Hashable, Sendable {
    /// The number of newest bars.
    case newest(Int)
    /// A number of bars up to an instant (`["bar_count", to, n]` on the wire); a negative count requests those after
    /// it.
    case upTo(Timestamp, count: Int)
}

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
    /// The call as text for a log, without a token.
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

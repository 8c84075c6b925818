public import JSON

/// What a client asks of TradingView's data server, as far as history, live bars and quotes need it.
public enum ClientCall: Hashable, Sendable {
    /// Signs in: a token, or `ClientCall.anonymousToken`. May be sent again to renew.
    case setAuthToken(String)
    /// The language of descriptions, such as `en`, `US`.
    case setLocale(language: String, country: String)

    /// Opens a chart session, which holds symbols, series and studies.
    case chartCreateSession(SessionID)
    /// Ends a chart session.
    case chartDeleteSession(SessionID)
    /// The zone of tick marks; bar times stay UTC. A zone that the server does not know kills the session.
    case switchTimezone(SessionID, zone: String)
    /// Resolves under a name that this session has not used before.
    case resolveSymbol(SessionID, name: String, SymbolSpecification)
    /// Makes a series of the symbol resolved under `symbolName`. The range selects what is visible; "" for all.
    case createSeries(
        SessionID, series: String, turnaround: String, symbolName: String, Resolution, BarCount, range: String = "")
    /// Gives a series another symbol, resolution or range under a new turnaround. There is no bar count.
    case modifySeries(
        SessionID, series: String, turnaround: String, symbolName: String, Resolution, range: String = "")
    /// Ends a series; for one that is not there the server kills the session.
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
    /// Adds names, verbatim: plain or `={…}`. Never with an options object, which has killed the session since 2024.
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

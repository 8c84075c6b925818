public import JSON
public import MarketData

/// Everything that TradingView's data server says, one case a message.
public enum ServerEvent: Hashable, Sendable {
    case hello(ServerHello)

    case symbolResolved(SessionID, name: String, ResolvedSymbol)
    case symbolError(SessionID, name: String, reason: String, details: [String])

    case seriesLoading(SeriesReference)
    case seriesTimeframe(SeriesReference, from: Int?, to: Int?, range: String)
    case seriesCompleted(SeriesReference, SeriesCompletion)
    case seriesError(SeriesReference, reason: String)
    case seriesDeleted(SeriesReference)
    /// Bars and time points, at first load and while paging; also the first sight of a new bar.
    case timescaleUpdate(ChartUpdate)
    /// Live bars (`du`).
    case dataUpdate(ChartUpdate)
    /// All bars of the turnaround are to be dropped.
    case clearData(SessionID, turnaround: String?)
    case tickmarkUpdate(SessionID, TimeScale)
    case indexUpdate(SessionID, [JSONValue])
    case firstBarTime(SessionID, symbolName: String, Timestamp)

    case studyLoading(SeriesReference)
    case studyCompleted(SeriesReference)
    case studyError(SeriesReference, reason: String)
    case studyDeleted(SeriesReference)
    case studiesMetadata(SessionID, [JSONValue])

    case quoteData(QuoteUpdate)
    /// The first snapshot of a name is whole; also comes after an error.
    case quoteCompleted(SessionID, name: String)

    case replay(SessionID, ReplayEvent)

    /// That session has ended; the connection and the others continue. Where it names none, its name is empty.
    case criticalError(SessionID, reason: String, info: String?)
    /// The server closes the connection after this.
    case protocolError(String)
    case notifyUser([JSONValue])
    case protocolSwitched(String)

    /// A message that is not known here, with at most `ServerEventDecoder.longestPayloadKept` bytes of it.
    case unknown(method: String, payload: [UInt8])
    /// A payload that is not JSON, or a known message of another shape: why, and how it begins. Never fatal.
    case unreadable(reason: String, excerpt: String)
}

extension ServerEvent {
    /// The session that the event belongs to; `nil` where it belongs to the connection.
    public var session: SessionID? {
        switch self {
        case .seriesLoading(let series), .seriesTimeframe(let series, _, _, _), .seriesCompleted(let series, _),
            .seriesError(let series, _), .seriesDeleted(let series), .studyLoading(let series),
            .studyCompleted(let series), .studyError(let series, _), .studyDeleted(let series):
            series.session
        case .symbolResolved(let session, _, _), .symbolError(let session, _, _, _), .clearData(let session, _),
            .tickmarkUpdate(let session, _), .indexUpdate(let session, _), .firstBarTime(let session, _, _),
            .studiesMetadata(let session, _), .quoteCompleted(let session, _), .replay(let session, _),
            .criticalError(let session, _, _):
            session
        case .timescaleUpdate(let update), .dataUpdate(let update): update.session
        case .quoteData(let update): update.session
        case .hello, .protocolError, .notifyUser, .protocolSwitched, .unknown, .unreadable: nil
        }
    }
}

/// The server's first packet.
public struct ServerHello: Hashable, Sendable {
    /// The server's name for the connection; region and plan can be seen in it (`…-charts-free-…`).
    public var sessionID: String?
    /// The server's clock.
    public var time: Timestamp?
    /// The server's release.
    public var release: String?
    /// `json`; anything else is invalid here.
    public var wireProtocol: String?
    /// The versions of the studies; one text in 2022, a list since 2024.
    public var studies: [String]

    /// A hello from its parts.
    public init(
        sessionID: String? = nil,
        time: Timestamp? = nil,
        release: String? = nil,
        wireProtocol: String? = nil,
        studies: [String] = []
    ) {
        self.sessionID = sessionID
        self.time = time
        self.release = release
        self.wireProtocol = wireProtocol
        self.studies = studies
    }
}

/// What the server says in a replay session.
public enum ReplayEvent: Hashable, Sendable {
    case ok(request: String)
    case error(request: String, reason: String)
    case point(index: Double)
    case instance(id: String)
    case resolutions([JSONValue])
    case dataEnd([JSONValue])
}

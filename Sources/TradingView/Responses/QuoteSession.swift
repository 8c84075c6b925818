import MarketData
import TradingViewProtocol

/// One quote session: its names and the state of each.
struct QuoteSession: Sendable {
    /// What an event meant for a name.
    enum Change: Hashable, Sendable {
        /// There are newer numbers.
        case values(String)
        /// This name has no quotes; the others go on.
        case refused(String, MarketDataError)
        /// The session ended.
        case ended(MarketDataError)
    }

    /// The greatest number of names in one session.
    static let largest = 200
    /// The names of one `quote_add_symbols`.
    static let batch = 50

    let id: SessionID
    private(set) var records: [String: QuoteRecord] = [:]

    init(id: SessionID) { self.id = id }

    var opening: [ClientCall] { [.quoteCreateSession(id), .quoteSetFields(id, QuoteRecord.fields)] }

    var room: Int { QuoteSession.largest - records.count }

    mutating func add(_ names: [String]) -> [ClientCall] {
        for name in names { records[name] = QuoteRecord() }
        return stride(from: 0, to: names.count, by: QuoteSession.batch).map { start in
            .quoteAddSymbols(id, Array(names[start..<min(names.count, start + QuoteSession.batch)]))
        }
    }

    mutating func remove(_ names: [String]) -> [ClientCall] {
        let held = names.filter { records.removeValue(forKey: $0) != nil }
        return held.isEmpty ? [] : [.quoteRemoveSymbols(id, held)]
    }

    mutating func receive(_ event: ServerEvent, at now: Timestamp) -> Change? {
        switch event {
        case .quoteData(let update): merge(update, at: now)
        case .quoteCompleted(_, let name): complete(name)
        case .criticalError(_, let reason, let info):
            .ended(SeriesFailure.ofSession(reason, info: info, subject: "quotes"))
        default: nil
        }
    }

    private mutating func merge(_ update: QuoteUpdate, at now: Timestamp) -> Change? {
        guard let place = records.index(forKey: update.name) else { return nil }
        switch update.status {
        case .ok: break
        case .error, .permissionDenied:
            // A completion follows a refusal as well; it does not mean that there are values.
            records[update.name] = QuoteRecord(isCompleted: true)
            let isDenied =
                update.status == .permissionDenied || update.errorMessage?.lowercased().contains("permission") == true
            return .refused(update.name, isDenied ? QuoteSession.denial(update) : QuoteSession.refusal(update))
        case .other: return nil
        }
        records.values[place].merge(update.fields, at: now)
        return records.values[place].isPresentable ? .values(update.name) : nil
    }

    private mutating func complete(_ name: String) -> Change? {
        guard let record = records[name], !record.isCompleted else { return nil }
        let wasPresentable = record.isPresentable
        records[name]?.isCompleted = true
        return wasPresentable ? nil : .values(name)
    }

    private static func refusal(_ update: QuoteUpdate) -> MarketDataError {
        let name = WireName.symbol(update.name)?.description ?? update.name
        let reason = update.errorMessage ?? "error"
        guard reason == "no_such_symbol" || reason.contains("symbol") else {
            return MarketDataError(
                .upstreamUnavailable, "TradingView has no quotes of \(name) (\(reason))", source: .tradingview,
                recovery: .resubscribe)
        }
        return MarketDataError(.symbolNotFound, "TradingView has no symbol \(name) (\(reason))", source: .tradingview)
    }

    private static func denial(_ update: QuoteUpdate) -> MarketDataError {
        let name = WireName.symbol(update.name)?.description ?? update.name
        // The field may hold the name of an entitlement, such as `economics_paid`, instead of a symbol.
        let twin = update.text("alternative").flatMap { WireName.symbol($0)?.description }
        return MarketDataError(
            .notEntitled,
            "TradingView gives quotes of \(name) only to accounts with the right to it"
                + (twin.map { "; \($0) is the delayed one" } ?? ""),
            source: .tradingview, suggestions: twin.map { [$0] } ?? [])
    }
}

/// The state of one instrument's quote: the merged patches.
///
/// Null clears a field; 1e+100 means "unknown" and clears it too. Numbers have separate places, so that merging a patch
/// of these alone takes nothing from the heap.
struct QuoteRecord: Sendable {
    private var fields = QuoteFields()
    private var receivedAt: Timestamp?
    /// What the texts say that every quote needs; read again only when a patch has texts.
    private var mode: UpdateMode?
    private var feed: String?
    private var session: String?
    /// Whether the first snapshot is whole.
    var isCompleted: Bool

    init(isCompleted: Bool = false) { self.isCompleted = isCompleted }

    /// The fields that are requested; without a list TradingView sends everything, 13 kB for one index.
    static let fields = [
        "lp", "lp_time", "bid", "ask", "open_price", "high_price", "low_price", "prev_close_price", "ch", "chp",
        "volume", "open_interest", "current_session", "update_mode", "original_name", "pro_name", "type",
        "currency_code", "description",
    ]

    mutating func merge(_ patch: QuoteFields, at now: Timestamp) {
        receivedAt = now
        fields.merge(patch)
        guard patch.hasOthers else { return }
        mode = fields.text("update_mode").map(UpdateMode.init)
        feed = fields.text("original_name") ?? fields.text("pro_name")
        session = fields.text("current_session")
    }

    /// Whether there is something to show: a price and how late it is, or all that the server has.
    var isPresentable: Bool { isCompleted || (mode != nil && known(.last) != nil) }

    /// Whether the market that the numbers are from is shut.
    var isAtRest: Bool { session == "out_of_session" || session == "holiday" }

    func quote(of symbol: Symbol, at now: Timestamp) -> Quote {
        var quote = Quote(symbol: symbol, provenance: provenance(at: now))
        quote.last = known(.last)
        quote.lastTime = lastTime
        quote.bid = known(.bid)
        quote.ask = known(.ask)
        quote.open = known(.open)
        quote.high = known(.high)
        quote.low = known(.low)
        quote.previousClose = known(.previousClose)
        quote.change = known(.change)
        quote.changePercent = known(.changePercent)
        quote.volume = known(.volume)
        quote.openInterest = known(.openInterest)
        quote.session = session
        return quote
    }

    private func known(_ number: QuoteNumber) -> Double? {
        guard case .value(let value) = fields.change(of: number) else { return nil }
        return value
    }

    private func provenance(at now: Timestamp) -> Provenance {
        // A quote completed without a mode is never passed off as live: `.delayed` by an unknown delay is the least that
        // the modes can claim.
        return Provenance(
            source: .tradingview,
            feed: feed,
            mode: mode?.provenanceMode ?? .delayed,
            delaySeconds: mode?.delaySeconds,
            asOf: lastTime ?? receivedAt ?? now
        )
    }

    private var lastTime: Timestamp? {
        guard let seconds = known(.lastTime), abs(seconds) < 1e11 else { return nil }
        return Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
    }
}

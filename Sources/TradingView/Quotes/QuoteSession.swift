import JSON
import MarketData
import TradingViewProtocol

/// One quote session: the names in it and what is known of each.
struct QuoteSession: Sendable {
    /// What an event meant for a name.
    enum Change: Hashable, Sendable {
        /// There are newer figures.
        case figures(String)
        /// This name has no quotes; the others go on.
        case refused(String, MarketDataError)
        /// The session is dead.
        case ended(MarketDataError)
    }

    /// The names that one session carries at the most.
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
            .ended(SeriesRefusal.ofSession(reason, info: info, subject: "quotes"))
        default: nil
        }
    }

    private mutating func merge(_ update: QuoteUpdate, at now: Timestamp) -> Change? {
        guard var record = records[update.name] else { return nil }
        switch update.status {
        case .ok: break
        case .error, .permissionDenied:
            // A completion follows a refusal as well; it does not mean figures.
            records[update.name] = QuoteRecord(isCompleted: true)
            let isDenied =
                update.status == .permissionDenied || update.errorMessage?.lowercased().contains("permission") == true
            return .refused(update.name, isDenied ? QuoteSession.denial(update) : QuoteSession.refusal(update))
        case .other: return nil
        }
        record.merge(update.fields, at: now)
        records[update.name] = record
        return record.isPresentable ? .figures(update.name) : nil
    }

    private mutating func complete(_ name: String) -> Change? {
        guard let record = records[name], !record.isCompleted else { return nil }
        let wasPresentable = record.isPresentable
        records[name]?.isCompleted = true
        return wasPresentable ? nil : .figures(name)
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
        // What stands there may be the name of a group of rights, such as `economics_paid`, and no symbol.
        let twin = update.text("alternative").flatMap { WireName.symbol($0)?.description }
        return MarketDataError(
            .notEntitled,
            "TradingView gives quotes of \(name) only to accounts with the right to it"
                + (twin.map { "; \($0) is the delayed one" } ?? ""),
            source: .tradingview, suggestions: twin.map { [$0] } ?? [])
    }
}

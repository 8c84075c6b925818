public import MarketData
import MarketStore

/// Open interest from the sources and from the store: the current one is fetched, for a past moment it returns
/// what was known then (docs/decisions/0009-recorder.md).
public struct CachedOpenInterest: OpenInterestProvider {
    let sources: any OpenInterestFailover
    let cache: OpenInterestCache
    let rule: AsOfRule
    let clock: @Sendable () -> Timestamp

    package init(
        sources: any OpenInterestFailover, cache: OpenInterestCache, rule: AsOfRule,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.sources = sources
        self.cache = cache
        self.rule = rule
        self.clock = clock
    }

    /// The option expiries that the sources list now.
    /// - Throws: `MarketDataError`.
    public func expiries(of symbol: Symbol) async throws -> ExpiryList { try await sources.expiries(of: symbol) }

    /// The option expiries that were listed at a past moment; where no source knows, those of which the store has open
    /// interest of that moment.
    /// - Throws: `MarketDataError`; `noDataForTime` where nothing is known of the moment.
    package func expiries(of symbol: Symbol, at moment: Timestamp) async throws -> ExpiryList {
        let isPresent = rule.isSameSession(moment, clock())
        do {
            return try await sources.expiries(of: symbol, at: moment, isPresent: isPresent)
        } catch let error as MarketDataError {
            if let stored = try await cache.expiries(of: symbol, at: moment, rule) { return stored }
            throw MarketDataError(
                error.code, "\(error.message); the store has no open interest of \(symbol) from that time",
                source: error.source, recovery: error.recovery, suggestions: error.suggestions)
        }
    }

    /// Open interest of now from the sources, or of a past moment as it was known then.
    /// - Throws: `MarketDataError`; `noDataForTime` where nothing young enough was known.
    public func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        try await reusableOpenInterest(request).value
    }

    /// The same; the current one with the time in which its source would return the same.
    package func reusableOpenInterest(_ request: OpenInterestRequest) async throws -> Reusable<OpenInterestSnapshot> {
        guard let moment = request.at else {
            let snapshot = try await sources.now(request)
            await keep(snapshot.value, for: request)
            return snapshot
        }
        return Reusable(try await known(request, at: moment))
    }

    private func known(
        _ request: OpenInterestRequest, at moment: Timestamp
    ) async throws -> OpenInterestSnapshot {
        let now = clock()
        guard moment <= now else { throw MarketDataError.inFuture(moment, now: now) }
        let stored = try await cache.newest(request, at: moment, rule)
        let verdict = stored.map { rule.verdict(on: $0.provenance.asOf, at: moment) }
        let isToday = rule.isSameSession(moment, clock())
        // Only the usual strikes are stored; others are requested while the source is available.
        let isUsual = request.strikes == .usual
        if let stored, verdict == .newest, isUsual || !isToday { return try given(stored, request) }
        if let stored, verdict == .young, !isToday { return try given(stored, request) }
        do {
            let response = try await sources.known(request, at: moment, rule)
            await keep(response, for: request)
            guard let stored, isUsual, verdict == .young, stored.provenance.asOf > response.provenance.asOf else {
                return response
            }
            return stored.fromStore
        } catch let error as MarketDataError {
            if let stored, verdict == .newest || verdict == .young { return try given(stored, request) }
            throw CachedOpenInterest.nothing(of: request, at: moment, stored, after: error)
        }
    }

    /// The newest snapshot of an expiry that was kept, however old; `nil` where none was.
    /// - Throws: `MarketDataError`.
    public func lastKept(_ request: OpenInterestRequest) async throws(MarketDataError) -> OpenInterestSnapshot? {
        guard let newest = try await cache.newest(request, at: clock(), rule) else { return nil }
        return try given(newest, request)
    }

    /// Stores only the usual strikes: the data of a stamp must not depend on the first request.
    private func keep(_ snapshot: OpenInterestSnapshot, for request: OpenInterestRequest) async {
        if request.strikes == .usual { await cache.keep(snapshot) }
    }

    /// A stored snapshot with those of the strikes requested that it has.
    private func given(
        _ stored: OpenInterestSnapshot, _ request: OpenInterestRequest
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        var snapshot = stored.fromStore
        guard case .range(let lowest, let highest) = request.strikes else { return snapshot }
        snapshot.strikes.removeAll { $0.strike < lowest || $0.strike > highest }
        guard !snapshot.strikes.isEmpty else {
            throw MarketDataError(
                .noDataForTime,
                "the store's snapshot of \(snapshot.provenance.asOf) has none of the strikes \(request.strikes)",
                source: .store)
        }
        return snapshot
    }

    private static func nothing(
        of request: OpenInterestRequest, at moment: Timestamp, _ stored: OpenInterestSnapshot?,
        after error: MarketDataError
    ) -> MarketDataError {
        let chain = request.symbol.description + (request.expiry.map { " \($0)" } ?? "")
        let known = stored.map {
            "the newest that the store knows of then is of \($0.provenance.asOf), too old to stand for \(moment)"
        }
        let words = known ?? "the store has no snapshot of \(chain) from before \(moment)"
        return MarketDataError(
            error.code, "\(error.message); \(words)", source: error.source, recovery: error.recovery,
            suggestions: error.suggestions)
    }
}

extension CachedOpenInterest {
    /// The snapshots kept of one expiry within a range, and those that the sources have of it, in time order; all of one
    /// source. Without an expiry, the nearest at the end of the range.
    /// - Throws: `MarketDataError`; the sources' error where neither they nor the store have anything, `tooLarge` for more
    ///   than 5,000 snapshots.
    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        try await history(of: symbol, expiry: expiry, within: range) { $0 }
    }

    /// The same, of each snapshot what is made of it; the store is read page by page.
    /// - Throws: `MarketDataError`.
    package func history<Row: Sendable>(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange, row: (OpenInterestSnapshot) -> Row
    ) async throws -> [Row] {
        let chosen = try await chosenExpiry(of: symbol, expiry, within: range)
        var stamps: [SnapshotStamp] = []
        if let chosen { stamps = try await cache.stamps(of: symbol, expiry: chosen, within: range) }
        var given: [OpenInterestSnapshot] = []
        do {
            given = try await self.given(of: symbol, expiry: chosen ?? expiry, within: range, beside: stamps)
        } catch let error as MarketDataError {
            if stamps.isEmpty {
                try await checkSupport(of: symbol, after: error)
                throw CachedOpenInterest.noHistory(of: symbol, chosen, range, after: error)
            }
        }
        let series = HistorySource(stored: stamps, given: given)
        try series.checkLength(of: symbol, within: range)
        var rows = series.onlyGiven.map { (time: $0.provenance.asOf, row: row($0)) }
        if let chosen, let source = series.source, !series.stored.isEmpty {
            try await readPages(of: symbol, expiry: chosen, from: source, within: range) { snapshot in
                // Snapshots stored meanwhile are already among the given ones.
                guard series.stored.contains(snapshot.provenance.asOf) else { return }
                rows.append((snapshot.provenance.asOf, row(snapshot.fromStore)))
            }
        }
        return rows.sorted { $0.time < $1.time }.map(\.row)
    }

    /// What the sources have of a range. The close of a day is requested once: it is kept.
    private func given(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange, beside stamps: [SnapshotStamp]
    ) async throws -> [OpenInterestSnapshot] {
        guard let expiry else { return try await sources.history(of: symbol, expiry: nil, within: range) }
        let missing = MissingCloses(
            of: expiry, within: range, stamps: stamps, calendar: rule.calendar, now: clock())
        let given = try await sources.history(of: symbol, expiry: expiry, within: range, missing: missing)
        for snapshot in given where snapshot.provenance.mode == .endOfDay { await cache.keep(snapshot) }
        return given
    }

    private func readPages(
        of symbol: Symbol, expiry: CalendarDate, from source: Provenance.Source, within range: TimeRange,
        each: (OpenInterestSnapshot) -> Void
    ) async throws(MarketDataError) {
        var rest = range
        while true {
            let page = try await cache.page(of: symbol, expiry: expiry, from: source, within: rest)
            for snapshot in page { each(snapshot) }
            guard let last = page.last?.provenance.asOf, page.count == OpenInterestCache.pageSize else { return }
            rest = TimeRange(from: Timestamp(milliseconds: last.milliseconds + 1), to: range.to)
        }
    }

    private func chosenExpiry(
        of symbol: Symbol, _ expiry: CalendarDate?, within range: TimeRange
    ) async throws -> CalendarDate? {
        if let expiry { return expiry }
        let last = Timestamp(milliseconds: min(range.to.milliseconds - 1, clock().milliseconds))
        // While contracts trade, the sources decide which expiry is nearest; the store decides if they are unavailable.
        if rule.isSameSession(last, clock()), let list = try? await sources.expiries(of: symbol) {
            return list.standard
        }
        return try await cache.nearestExpiry(of: symbol, on: rule.calendar.date(at: last))
    }

    /// Where no source has options of the symbol at all, that is the error: recording them would not help.
    private func checkSupport(of symbol: Symbol, after error: MarketDataError) async throws {
        guard error.code == .notSupported else { return }
        do {
            _ = try await sources.expiries(of: symbol)
        } catch let unsupported as MarketDataError where unsupported.code == .notSupported {
            throw unsupported
        } catch is MarketDataError {}
    }

    private static func noHistory(
        of symbol: Symbol, _ expiry: CalendarDate?, _ range: TimeRange, after error: MarketDataError
    ) -> MarketDataError {
        let chain = symbol.description + (expiry.map { " \($0)" } ?? "")
        let words = "the store has no snapshot of \(chain) between \(range.from) and \(range.to)"
        guard error.code == .notSupported else {
            return MarketDataError(
                error.code, "\(error.message); \(words)", source: error.source, recovery: error.recovery)
        }
        return MarketDataError(
            .noDataForTime, "\(words), and no source keeps a history; bhav record takes snapshots into it")
    }
}

/// The sources of open interest in failover order: each request goes to the first that can serve it.
package protocol OpenInterestFailover: Sendable {
    /// Returns the current snapshot, with the time in which a new request would return the same.
    func now(_ request: OpenInterestRequest) async throws -> Reusable<OpenInterestSnapshot>

    /// Returns the current snapshot for a recording: a throttled source is waited for, so that the series has one source.
    func recorded(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot

    /// Returns what was known at a moment, of the session that it belongs to.
    func known(
        _ request: OpenInterestRequest, at moment: Timestamp, _ rule: AsOfRule
    ) async throws -> OpenInterestSnapshot

    /// Returns the expiries that are listed now.
    func expiries(of symbol: Symbol) async throws -> ExpiryList

    /// Returns the expiries that were listed at a moment; within the present session those that are listed now.
    func expiries(of symbol: Symbol, at moment: Timestamp, isPresent: Bool) async throws -> ExpiryList

    /// Returns what the first source that keeps a history has of a range.
    func history(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot]

    /// Returns the same where a store has some of it: of a source of daily closes, only the missing days.
    func history(
        of symbol: Symbol, expiry: CalendarDate, within range: TimeRange, missing: MissingCloses
    ) async throws -> [OpenInterestSnapshot]
}

public import MarketData
import MarketStore

extension RememberedOpenInterest {
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
        if let chosen { stamps = try await memory.stamps(of: symbol, expiry: chosen, within: range) }
        var given: [OpenInterestSnapshot] = []
        do {
            given = try await self.given(of: symbol, expiry: chosen ?? expiry, within: range, beside: stamps)
        } catch let error as MarketDataError {
            if stamps.isEmpty {
                try await checkSupport(of: symbol, after: error)
                throw RememberedOpenInterest.noHistory(of: symbol, chosen, range, after: error)
            }
        }
        let series = HistorySource(stored: stamps, given: given)
        try series.checkLength(of: symbol, within: range)
        var rows = series.onlyGiven.map { (time: $0.provenance.asOf, row: row($0)) }
        if let chosen, let source = series.source, !series.stored.isEmpty {
            try await readPages(of: symbol, expiry: chosen, from: source, within: range) { snapshot in
                // What was kept meanwhile stands among the given already.
                guard series.stored.contains(snapshot.provenance.asOf) else { return }
                rows.append((snapshot.provenance.asOf, row(snapshot.fromStore)))
            }
        }
        return rows.sorted { $0.time < $1.time }.map(\.row)
    }

    /// What the sources have of a range. The close of a day is asked for once: it is kept.
    private func given(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange, beside stamps: [SnapshotStamp]
    ) async throws -> [OpenInterestSnapshot] {
        guard let expiry else { return try await sources.history(of: symbol, expiry: nil, within: range) }
        let lacking = LackingCloses(
            of: expiry, within: range, stamps: stamps, calendar: rule.calendar, now: clock())
        let given = try await sources.history(of: symbol, expiry: expiry, within: range, lacking: lacking)
        for snapshot in given where snapshot.provenance.mode == .endOfDay { await memory.keep(snapshot) }
        return given
    }

    private func readPages(
        of symbol: Symbol, expiry: CalendarDate, from source: Provenance.Source, within range: TimeRange,
        each: (OpenInterestSnapshot) -> Void
    ) async throws(MarketDataError) {
        var rest = range
        while true {
            let page = try await memory.page(of: symbol, expiry: expiry, from: source, within: rest)
            for snapshot in page { each(snapshot) }
            guard let last = page.last?.provenance.asOf, page.count == OpenInterestMemory.pageSize else { return }
            rest = TimeRange(from: Timestamp(milliseconds: last.milliseconds + 1), to: range.to)
        }
    }

    private func chosenExpiry(
        of symbol: Symbol, _ expiry: CalendarDate?, within range: TimeRange
    ) async throws -> CalendarDate? {
        if let expiry { return expiry }
        let last = Timestamp(milliseconds: min(range.to.milliseconds - 1, clock().milliseconds))
        // While contracts trade, which one is nearest is the sources' to say; the store answers while they are away.
        if rule.isSameSession(last, clock()), let list = try? await sources.expiries(of: symbol) {
            return list.standard
        }
        return try await memory.nearestExpiry(of: symbol, on: rule.calendar.date(at: last))
    }

    /// Where no source has options of the symbol at all, that is the error: to record them is no way out.
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

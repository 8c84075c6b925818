public import MarketData

extension RememberedOpenInterest {
    /// The snapshots kept of one expiry within a range, and those that the sources have of it, in time order; all of one
    /// source. Without an expiry, the nearest at the end of the range.
    /// - Throws: `MarketDataError`; the sources' error where neither they nor the store have anything.
    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        let chosen = try await chosenExpiry(of: symbol, expiry, within: range)
        var stored: [OpenInterestSnapshot] = []
        if let chosen { stored = try await memory.snapshots(of: symbol, expiry: chosen, within: range) }
        var given: [OpenInterestSnapshot] = []
        do {
            given = try await sources.history(of: symbol, expiry: chosen ?? expiry, within: range)
        } catch let error as MarketDataError {
            if stored.isEmpty { throw RememberedOpenInterest.noHistory(of: symbol, chosen, range, after: error) }
        }
        return ofOneSource(stored, given)
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

    /// The snapshots of the source that has the most of them, in time order, each stamp once; what is kept stands before
    /// what was given anew.
    private func ofOneSource(
        _ stored: [OpenInterestSnapshot], _ given: [OpenInterestSnapshot]
    ) -> [OpenInterestSnapshot] {
        var bySource: [Provenance.Source: [Timestamp: OpenInterestSnapshot]] = [:]
        for snapshot in given {
            bySource[snapshot.provenance.source, default: [:]][snapshot.provenance.asOf] = snapshot
        }
        for snapshot in stored {
            bySource[snapshot.provenance.source, default: [:]][snapshot.provenance.asOf] = snapshot.fromStore
        }
        let trust = Provenance.Source.allCases
        let most = bySource.max { left, right in
            if left.value.count != right.value.count { return left.value.count < right.value.count }
            return (trust.firstIndex(of: left.key) ?? 0) > (trust.firstIndex(of: right.key) ?? 0)
        }
        return (most?.value.values).map { $0.sorted { $0.provenance.asOf < $1.provenance.asOf } } ?? []
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

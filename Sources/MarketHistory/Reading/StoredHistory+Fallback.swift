import MarketData
import MarketStore

/// Answers while the source is away.
extension StoredHistory {
    /// Where no calendar tells which bars are the newest: those that are stored, if the newest of them is younger than
    /// as many bars as were asked for.
    func newestStored(_ request: BarRequest, because error: MarketDataError) async throws(StoreError) -> BarSeries? {
        let (key, now) = (SeriesKey(request), clock())
        guard case .count(let count) = request.span, try await boundaries(of: key) == nil else { return nil }
        let stored = try await memory.store.newestBars(of: key, count: count)
        let length = request.interval.roughSeconds
        guard let last = stored.bars.last(where: \.isFinal)?.time,
            last >= now.advanced(bySeconds: -length * Int64(count))
        else { return nil }
        var gathering = Gathering()
        gathering.fail(TimeRange(from: last.advanced(bySeconds: length), to: now), error, now: now)
        return StoredAnswer(
            request: request, instrument: try await instruments.instrument(of: request.symbol), stored: stored,
            gathering: gathering, historyBegins: false, now: now
        ).series
    }

    /// None of the bars asked for is stored: the same out of stored finer ones, which the answer names. A source's own
    /// bars of days may differ in the close, where the exchange fixes an official one.
    /// - Returns: `nil` where no finer series is stored, or none of it is of the time asked for.
    func builtFromStored(_ request: BarRequest, because error: MarketDataError) async -> BarSeries? {
        let key = SeriesKey(request)
        let finer = try? await memory.store.series().map(\.key).filter { other in
            other.symbol == key.symbol && other.hours == key.hours && other.adjustment == key.adjustment
                && other.backAdjusted == key.backAdjusted
        }
        guard let parent = request.interval.parent(among: (finer ?? []).map(\.interval)) else { return nil }
        let stored = StoredHistory(Away(error: error), memory: memory, journal: journal, clock: clock)
        let series = try? await ResampledHistory(stored, keeping: [parent], clock: clock).bars(request)
        return series?.bars.isEmpty == false ? series : nil
    }

    /// The source while it is away: it need not be asked again to know.
    private struct Away: BarHistoryProvider {
        let error: MarketDataError

        func bars(_ request: BarRequest) async throws -> BarSeries { throw error }
    }
}

extension MarketDataError {
    /// Whether the source is away or refuses us for now, so that what is stored is the answer, with its gaps named.
    var leavesTheStore: Bool {
        isOutage || [.throttled, .overloaded, .notEntitled].contains(code)
    }
}

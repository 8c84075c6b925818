import MarketData
import MarketStore

extension StoredHistory {
    /// With the source away and none of the bars asked for stored: the same out of stored finer ones, which the answer
    /// names. A source's own bars of days may differ in the close, where the exchange fixes an official one.
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

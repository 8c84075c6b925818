import Logging
import MarketData
import MarketStore

/// Fetches one missing span and keeps the answer, with what it proves. Of the newest bars some that are stored are asked
/// for again, to see whether the prices of the whole series have changed.
struct SpanFetch: Sendable {
    /// An answer, and how far back the source's history reaches.
    struct Outcome: Sendable {
        let series: BarSeries
        let reach: PageAnswer.Reach
    }

    /// How many stored bars are asked for again.
    static let overlap = 3

    let history: StoredHistory
    let key: SeriesKey
    let span: MissingSpans.Span
    /// Where the window begins that the span is a part of.
    let since: Timestamp

    /// Those who ask for the same span at the same time share one question.
    /// - Throws: `MarketDataError`; `StoreError` where what is stored cannot be read.
    func run() async throws -> Outcome {
        let stored = span.isNewest ? try await storedBefore() : []
        let range = TimeRange(from: stored.first?.time ?? span.range.from, to: span.range.to)
        let request = BarRequest(key, span: .range(range))
        return try await history.fetches.answer(to: request) { try await fetch(request, range, comparing: stored) }
    }

    private func storedBefore() async throws(StoreError) -> [Bar] {
        let newest = try await history.memory.store.newestBars(
            of: key, count: SpanFetch.overlap, before: span.range.from)
        return newest.bars.filter(\.isFinal)
    }

    private func fetch(_ request: BarRequest, _ range: TimeRange, comparing stored: [Bar]) async throws -> Outcome {
        let series = try await history.ask(request)
        history.journal.asked(answered: series.bars.count)
        if let change = BasisChange.between(stored: stored, incoming: series.bars) {
            return try await fetchAnew(because: change, through: range)
        }
        return try await keep(series, over: range)
    }

    private func keep(_ series: BarSeries, over range: TimeRange) async throws -> Outcome {
        // The source may only now have said when the instrument trades.
        let boundaries = try await history.boundaries(of: key)
        let page = PageAnswer(series, to: range, of: key, since: min(since, range.from), boundaries: boundaries)
        if span.isKept {
            history.holes.learn(series.gaps, of: key, now: history.clock())
            await history.write(page.run)
        }
        return Outcome(series: series, reach: page.reach)
    }

    /// The prices of the whole series have changed: all of it is asked for anew and written at once, so that an end in
    /// between leaves it as it was, to be found again.
    private func fetchAnew(because change: BasisChange, through range: TimeRange) async throws -> Outcome {
        let store = history.memory.store
        let stored = try await store.newestBars(of: key, count: MissingSpans.mostBars).bars
        let whole = TimeRange(from: stored.first?.time ?? range.from, to: range.to)
        let series = try await history.ask(BarRequest(key, span: .range(whole)))
        history.journal.asked(answered: series.bars.count)
        let outcome = try await keep(series, over: whole)
        let first = series.bars.first?.time ?? whole.to
        let left = try await store.bars(of: key, in: TimeRange(from: TimeRange.always.from, to: first), limit: 1)
        history.journal.rebased()
        history.memory.logger.warning(
            "all prices of a series came back different; it was fetched anew",
            metadata: [
                "series": "\(key)", "change": "\(change)", "since": "\(first)", "bars": "\(series.bars.count)",
                "olderOnFormerBasis": "\(!left.bars.isEmpty)",
            ])
        return Outcome(series: series, reach: first <= range.from ? .whole : outcome.reach)
    }
}

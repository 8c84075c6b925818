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
        /// Where all prices of the series had changed: the opening of the first bar that was fetched anew.
        var anewSince: Timestamp?
    }

    let history: StoredHistory
    let key: SeriesKey
    let span: MissingSpans.Span
    /// Where the window begins that the span is a part of.
    let since: Timestamp

    /// Those who ask for the same span at the same time share one question.
    /// - Throws: `MarketDataError`; `StoreError` where what is stored cannot be read.
    func run() async throws -> Outcome {
        let probe = try await BasisProbe(
            around: span.range, of: key, isNewest: span.isNewest, in: history.memory.store, now: history.clock())
        let request = BarRequest(key, span: .range(probe.range))
        return try await history.fetches.answer(to: request) { try await fetch(request, probe) }
    }

    private func fetch(_ request: BarRequest, _ probe: BasisProbe) async throws -> Outcome {
        let series = try await history.ask(request)
        history.journal.asked(answered: series.bars.count)
        if let change = BasisChange.between(stored: probe.stored, incoming: series.bars) {
            let keepsLevel = BasisChange.keepsLevel(
                stored: probe.stored, incoming: series.bars, isBackAdjusted: key.backAdjusted)
            // Beside a hole another feed's bars, or a file's, are left as they are.
            if span.isNewest || !keepsLevel {
                return try await fetchAnew(
                    because: change, outdating: !keepsLevel, beside: series, over: probe.range)
            }
        }
        return try await keep(series, over: probe.range, isKept: span.isKept)
    }

    /// - Parameter isKept: Whether the answer is written.
    private func keep(_ series: BarSeries, over range: TimeRange, isKept: Bool) async throws -> Outcome {
        // The source may only now have said when the instrument trades.
        let boundaries = try await history.boundaries(of: key)
        let page = PageAnswer(series, to: range, of: key, since: min(since, range.from), boundaries: boundaries)
        if isKept {
            history.holes.learn(series.gaps, of: key, now: history.clock())
            await history.write(page.run)
        }
        return Outcome(series: series, reach: page.reach)
    }

    /// The prices of the whole series have changed: all of it is asked for anew, and written at once whether or not the
    /// span itself is kept. Where the prices are of another level, all that was stored is outdated until it came again,
    /// so that an end in between leaves it to be asked for, and what the source shows no more stays outdated.
    private func fetchAnew(
        because change: BasisChange, outdating: Bool, beside answer: BarSeries, over range: TimeRange
    ) async throws -> Outcome {
        let store = history.memory.store
        let stored = try await store.newestBars(of: key, count: MissingSpans.mostBars).bars
        let end = stored.last.map { Timestamp(milliseconds: $0.time.milliseconds + 1) } ?? range.to
        let whole = TimeRange(from: stored.first?.time ?? range.from, to: max(range.to, end))
        var series = try await history.ask(BarRequest(key, span: .range(whole)))
        history.journal.asked(answered: series.bars.count)
        let first = series.bars.first?.time ?? whole.to
        if outdating, !history.memory.isReadOnly { try await store.outdate(key, before: end) }
        var outcome = try await keep(series, over: whole, isKept: true)
        if range.from < whole.from { outcome = try await keep(answer, over: range, isKept: span.isKept) }
        history.journal.rebased()
        history.memory.logger.warning(
            "all prices of a series came back different; it was fetched anew",
            metadata: [
                "series": "\(key)", "change": "\(change)", "since": "\(first)", "bars": "\(series.bars.count)",
            ])
        series.bars = answer.bars.filter { $0.time < first } + series.bars
        return Outcome(
            series: series, reach: first <= range.from ? .whole : outcome.reach, anewSince: outdating ? first : nil)
    }
}

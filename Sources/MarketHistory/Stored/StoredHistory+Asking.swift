import Logging
import MarketData
import MarketStore

extension StoredHistory {
    /// Puts a question to the source as it is, and keeps the answer.
    /// - Throws: `MarketDataError`, where the source is away and the newest bars that are stored are too old.
    func asItStands(_ request: BarRequest) async throws -> BarSeries {
        do {
            return try await questions.answer(to: request) {
                let series = try await ask(request)
                await keep(series, of: request)
                return series
            }
        } catch let error as MarketDataError where error.leavesTheStore {
            guard let answer = try await newestStored(request, because: error) else { throw error }
            return answer
        }
    }

    /// Asks the source, and learns what it says of the instrument.
    func ask(_ request: BarRequest) async throws -> BarSeries {
        let series = try await source.bars(request)
        do {
            try await instruments.learn(series.instrument)
        } catch {
            note(error, doing: "what a source said of an instrument was not kept")
        }
        return series
    }

    /// Writes a run; a store that fails does not spoil the answer.
    /// - Returns: Whether it was written.
    @discardableResult
    func write(_ run: BarRun) async -> Bool {
        guard !memory.isReadOnly else { return false }
        do {
            journal.wrote(try await memory.store.write(run))
            return true
        } catch {
            guard !Task.isCancelled else { return false }
            note(error, doing: "bars were not kept")
            return false
        }
    }

    func note(_ error: StoreError, doing what: String) {
        journal.failed(error)
        memory.logger.error(
            "the store failed", metadata: ["what": "\(what)", "code": "\(error.code)", "why": "\(error.message)"])
    }

    private func keep(_ series: BarSeries, of request: BarRequest) async {
        guard let first = series.bars.first?.time, let last = series.bars.last?.time else { return }
        let key = SeriesKey(request)
        var end = max(series.provenance.asOf, last.advanced(bySeconds: 1))
        // Of what comes after a range nothing was said.
        if case .range(let range) = request.span { end = min(end, range.to) }
        let boundaries = try? await boundaries(of: key)
        let page = PageAnswer(
            series, to: TimeRange(from: first, to: end), of: key, since: first, boundaries: boundaries)
        holes.learn(series.gaps, of: key, now: clock())
        await write(page.run)
    }

    /// What the store has of a window, but for what is outdated.
    /// - Returns: Also where that is so only since a survey: another question found all prices changed meanwhile.
    func stored(
        _ key: SeriesKey, in window: TimeRange, asOf surveyed: CoverageMap
    ) async throws(StoreError) -> (bars: StoredBars, lost: [TimeRange]) {
        let coverage = try await memory.store.coverage(of: key, in: window)
        let bars = try await memory.store.bars(of: key, in: window)
        guard coverage.hasOutdated else { return (bars, []) }
        let outdated = coverage.spans.filter { $0.state == .outdated }.map(\.range)
        return (
            bars.filter { coverage.state(at: $0.time) != .outdated },
            outdated.flatMap(surveyed.spans(in:)).filter { $0.state == .had }.map(\.range)
        )
    }

    /// Where no calendar tells which bars are the newest: those that are stored, if the newest of them is younger than
    /// as many bars as were asked for.
    private func newestStored(
        _ request: BarRequest, because error: MarketDataError
    ) async throws(StoreError) -> BarSeries? {
        let (key, now) = (SeriesKey(request), clock())
        guard case .count(let count) = request.span, try await boundaries(of: key) == nil else { return nil }
        let newest = try await memory.store.newestBars(of: key, count: count)
        let (stored, outdated) = try await current(newest, of: key)
        let length = request.interval.roughSeconds
        guard let last = stored.bars.last(where: \.isFinal)?.time,
            last >= now.advanced(bySeconds: -length * Int64(count))
        else { return nil }
        var gathering = Gathering()
        gathering.leaveOut([outdated].compactMap(\.self))
        gathering.fail(TimeRange(from: last.advanced(bySeconds: length), to: now), error, now: now)
        return StoredAnswer(
            request: request, instrument: try await instruments.instrument(of: request.symbol), stored: stored,
            gathering: gathering, historyBegins: false, now: now
        ).series
    }

    /// The newest stored bars without a break by outdated ones, and where those are that were left out.
    private func current(
        _ newest: StoredBars, of key: SeriesKey
    ) async throws(StoreError) -> (bars: StoredBars, outdated: TimeRange?) {
        guard let first = newest.bars.first?.time, let last = newest.bars.last?.time else { return (newest, nil) }
        let range = TimeRange(from: first, to: Timestamp(milliseconds: last.milliseconds + 1))
        let coverage = try await memory.store.coverage(of: key, in: range)
        guard let end = newest.bars.last(where: { coverage.state(at: $0.time) == .outdated })?.time else {
            return (newest, nil)
        }
        let kept = newest.filter { $0.time > end }
        return (kept, TimeRange(from: first, to: kept.bars.first?.time ?? range.to))
    }
}

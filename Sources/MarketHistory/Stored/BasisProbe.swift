import MarketData
import MarketStore

/// Which stored bars within a span and beside it are asked for again with it, to see whether prices of the whole series
/// have changed since they were told.
struct BasisProbe: Sendable {
    /// How many bars on either side.
    static let bars = 3
    /// Bars that were told so long ago at most are on the same basis still: prices change over night.
    static let freshSeconds: Int64 = 12 * 3_600

    /// The span, and the bars beside it.
    let range: TimeRange
    /// The bars that are asked for again.
    let stored: [Bar]

    /// - Parameters:
    ///   - span: What is missing.
    ///   - limits: Up to where nothing else is missing.
    ///   - isNewest: Whether the bars before the span are compared however young they are, and those after it not.
    /// - Throws: `StoreError`.
    init(
        around span: TimeRange, of key: SeriesKey, within limits: TimeRange = .always, isNewest: Bool = false,
        in store: any BarStore, now: Timestamp
    ) async throws(StoreError) {
        let reach = TimeRange(from: max(limits.from, key.reach(before: span.from)), to: span.from)
        let before = try await store.newestBars(of: key, count: BasisProbe.bars, before: span.from)
        let known = try await store.coverage(of: key, in: reach)
        let left = before.filter {
            $0.isFinal && reach.contains($0.time) && known.state(at: $0.time) != .outdated
        }
        var right = StoredBars.none
        if !isNewest {
            let beyond = TimeRange(from: span.to, to: min(limits.to, key.reach(after: span.to)))
            right = try await store.currentBars(of: key, in: beyond, limit: BasisProbe.bars).filter(\.isFinal)
        }
        // Stored by a file or a live series, without the time being known as had.
        let inside = try await store.currentBars(of: key, in: span, limit: BasisProbe.bars).filter(\.isFinal)
        let isOld = { (bars: StoredBars) in
            bars.stretches.contains { $0.provenance.asOf < now.advanced(bySeconds: -BasisProbe.freshSeconds) }
        }
        let compared = [isNewest || isOld(left) ? left.bars : [], isOld(right) ? right.bars : []]
        stored = compared[0] + inside.bars + compared[1]
        range = TimeRange(
            from: compared[0].first?.time ?? span.from,
            to: compared[1].last.map { Timestamp(milliseconds: $0.time.milliseconds + 1) } ?? span.to)
    }
}

extension SeriesKey {
    /// Ten days, for a night and holidays, and the bars themselves.
    private var reachSeconds: Int64 { 10 * 86_400 + Int64(BasisProbe.bars) * interval.roughSeconds }

    fileprivate func reach(before time: Timestamp) -> Timestamp { time.advanced(bySeconds: -reachSeconds) }

    fileprivate func reach(after time: Timestamp) -> Timestamp { time.advanced(bySeconds: reachSeconds) }
}

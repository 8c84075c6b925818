import MarketData

/// The bars of one series, ascending, each time once; what came later wins.
///
/// Upstream's indexes move with paging, so bars are told apart by their time alone.
struct BarLedger {
    private(set) var bars: [Bar] = []

    /// Merges bars in the order in which they came.
    /// - Returns: How many of them were of a time not known before.
    @discardableResult
    mutating func merge(_ incoming: [Bar]) -> Int {
        let before = bars.count
        let ordered = BarLedger.ordered(incoming)
        guard let first = ordered.first, let last = ordered.last else { return 0 }
        if bars.isEmpty || last.time < bars[0].time {
            bars.insert(contentsOf: ordered, at: 0)
        } else if let newest = bars.last, newest.time < first.time {
            bars.append(contentsOf: ordered)
        } else {
            mergeOverlapping(ordered, from: first.time)
        }
        return bars.count - before
    }

    /// Lets go of all but the newest bars.
    mutating func keepNewest(_ count: Int) {
        if bars.count > count { bars.removeFirst(bars.count - count) }
    }

    private mutating func mergeOverlapping(_ ordered: [Bar], from start: Timestamp) {
        let keep = bars.firstIndex { $0.time >= start } ?? bars.count
        var merged: [Bar] = []
        merged.reserveCapacity(bars.count - keep + ordered.count)
        var (old, new) = (keep, 0)
        while old < bars.count || new < ordered.count {
            if new == ordered.count || (old < bars.count && bars[old].time < ordered[new].time) {
                merged.append(bars[old])
                old += 1
            } else {
                if old < bars.count, bars[old].time == ordered[new].time { old += 1 }
                merged.append(ordered[new])
                new += 1
            }
        }
        bars.replaceSubrange(keep..., with: merged)
    }

    /// Sorted by time; of several of one time the last that came.
    private static func ordered(_ incoming: [Bar]) -> [Bar] {
        let isAscending = zip(incoming, incoming.dropFirst()).allSatisfy { $0.time < $1.time }
        if isAscending { return incoming }
        var newest: [Timestamp: Bar] = [:]
        for bar in incoming { newest[bar.time] = bar }
        return newest.values.sorted { $0.time < $1.time }
    }
}

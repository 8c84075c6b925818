extension Interval {
    /// Whether bars of this interval can be put together exactly from bars of a finer one.
    ///
    /// Within the day the finer length must divide the coarser. Days, weeks and months are whole sessions, which bars of
    /// any length within the day tile, for the last one of a session is cut at the close. Several days, weeks and months
    /// are counted from one start, so a count must divide the other; weeks and months are otherwise built from single
    /// days only. An interval is not built from itself.
    public func isBuilt(from finer: Interval) -> Bool {
        guard finer != self else { return false }
        switch (seconds, finer.seconds) {
        case (let whole?, let part?): return whole % part == 0
        case (nil, _?): return true
        case (_?, nil): return false
        case (nil, nil):
            if finer.unit == unit { return count % finer.count == 0 }
            return finer == .oneDay
        }
    }

    /// The interval to build this one from: the coarsest of those at hand that `isBuilt(from:)` allows; `nil` for none.
    public func parent(among available: some Sequence<Interval>) -> Interval? {
        available.filter { isBuilt(from: $0) }.max { $0.coarseness < $1.coarseness }
    }

    private var coarseness: (Int, Int64) {
        switch unit {
        case .second, .minute, .hour: (0, seconds ?? 0)
        case .day: (1, Int64(count))
        case .week: (2, Int64(count))
        case .month: (3, Int64(count))
        }
    }
}

/// How long bars last in UTC seconds, for estimates of how many bars a span holds and how far one may reach.
extension Interval {
    /// The least seconds from one bar's opening to the next one's where trading never stops.
    public var shortestSeconds: Int64 {
        switch unit {
        case .second, .minute, .hour: seconds ?? 1
        case .day: Int64(count) * 86_400
        case .week: Int64(count) * 7 * 86_400
        case .month: Int64(count) * 28 * 86_400
        }
    }

    /// The most seconds from a bar's opening to its close, with the nights, weekends and holidays in it.
    public var longestSeconds: Int64 {
        switch unit {
        case .second, .minute, .hour: seconds ?? 1
        case .day: count == 1 ? 86_400 : Int64(count) * 2 * 86_400 + 7 * 86_400
        case .week: Int64(count) * 7 * 86_400
        case .month: Int64(count) * 31 * 86_400
        }
    }

    /// The most bars of a finer interval that one bar of this may hold.
    public func parts(of finer: Interval) -> Int {
        Int((Double(longestSeconds) / Double(finer.shortestSeconds)).rounded(.up))
    }
}

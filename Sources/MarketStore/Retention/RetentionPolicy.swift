public import MarketData

/// How long bars are kept, by the length of a bar; what is not named is kept for ever.
public struct RetentionPolicy: Hashable, Sendable {
    /// Seconds that bars of an interval are kept.
    public var seconds: [Interval: Int64]

    /// A policy; without rules it keeps everything.
    public init(seconds: [Interval: Int64] = [:]) { self.seconds = seconds }

    /// The first instant that is kept; `nil` where everything is.
    public func cutoff(for interval: Interval, now: Timestamp) -> Timestamp? {
        seconds[interval].map { now.advanced(bySeconds: -$0) }
    }

    /// The part of a range that is kept; `nil` where nothing of it is.
    public func kept(of range: TimeRange, interval: Interval, now: Timestamp) -> TimeRange? {
        guard let cutoff = cutoff(for: interval, now: now), range.from < cutoff else { return range }
        return cutoff < range.to ? TimeRange(from: cutoff, to: range.to) : nil
    }

    /// Where the time begins that a store says it let go of: the year 1.
    static let beginning = Timestamp(seconds: -62_135_596_800)
}

/// Counts what was merged because a client was slow, and says so at most once a second.
struct LagMeter {
    private var told: Int
    private var notBefore: ContinuousClock.Instant

    init(conflated: Int, at now: ContinuousClock.Instant) {
        told = conflated
        notBefore = now
    }

    /// How many were merged since it was last told; `nil` where there is nothing to tell now.
    mutating func dropped(conflated: Int, at now: ContinuousClock.Instant) -> Int? {
        guard conflated > told, now >= notBefore else { return nil }
        defer {
            told = conflated
            notBefore = now.advanced(by: .seconds(1))
        }
        return conflated - told
    }
}

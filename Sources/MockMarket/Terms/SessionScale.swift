/// What a session's ticks are turned into; the same for all of it, so that open, high, low and close keep their order and
/// parts of a session add up to the whole.
struct SessionScale: Equatable, Sendable {
    var factor = 1.0
    /// In ticks, after the factor.
    var offset: Int64 = 0
    var volume = 1.0

    func ticks(_ ticks: Int64) -> Int64 { max(1, Int64((Double(ticks) * factor).rounded()) + offset) }
}

extension Aggregate {
    func scaled(by scale: SessionScale) -> Aggregate {
        Aggregate(
            open: scale.ticks(open), high: scale.ticks(high), low: scale.ticks(low), close: scale.ticks(close),
            volume: Int64((Double(volume) * scale.volume).rounded())
        )
    }
}

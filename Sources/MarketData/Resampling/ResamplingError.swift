/// Why bars cannot be put together.
public enum ResamplingError: Error, Hashable, Sendable {
    /// The finer interval does not divide the coarser one.
    case notDivisible(Interval, from: Interval)
    /// A bar does not open after the one before it.
    case notAscending(Timestamp)
}

extension ResamplingError: CustomStringConvertible {
    /// What was wrong, in words.
    public var description: String {
        switch self {
        case .notDivisible(let interval, let finer):
            "bars of \(interval) cannot be built exactly from bars of \(finer)"
        case .notAscending(let time):
            "the bar of \(time) does not come after the one before it; bars must be in order, each time once"
        }
    }
}

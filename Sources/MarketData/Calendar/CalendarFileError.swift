/// What is wrong with a calendar file, and where.
public struct CalendarFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where: a line such as `line 4`, or the path of a key such as `lots.NSE:NIFTY.2027-01-01`.
    public let place: String
    /// What was expected and what stands there.
    public let reason: String

    init(_ place: String, _ reason: String) {
        self.place = place
        self.reason = reason
    }

    /// Place and reason.
    public var description: String { "\(place): \(reason)" }
}

/// Why text of sessions says nothing.
public enum SessionScheduleError: Error, Hashable, Sendable {
    /// No such zone in the IANA list of this machine.
    case unknownZone(String)
    /// Not of a form that is known here.
    case unreadableSessions(String)
    /// Not a date of the form `YYYYMMDD`.
    case unreadableHoliday(String)
    /// Not hours and the dates on which they hold.
    case unreadableCorrection(String)
}

extension SessionScheduleError: CustomStringConvertible {
    /// What was wrong, in words.
    public var description: String {
        switch self {
        case .unknownZone(let name): "'\(name)' is no known IANA time zone"
        case .unreadableSessions(let text): "the sessions '\(text)' are not of a known form, such as 0930-1600 or 24x7"
        case .unreadableHoliday(let text): "the holiday '\(text)' is not of the form YYYYMMDD"
        case .unreadableCorrection(let text):
            "the correction '\(text)' is not of a known form, such as 0930-1300:20261127"
        }
    }
}

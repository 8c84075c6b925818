/// Why text of sessions says nothing.
public enum SessionScheduleError: Error, Hashable, Sendable {
    /// No such zone in the IANA list of this machine.
    case unknownZone(String)
    /// Not of a form that is known here.
    case unreadableSessions(String)
    /// Not a date of the form `YYYYMMDD`.
    case unreadableHoliday(String)
}

extension SessionScheduleError: CustomStringConvertible {
    /// What was wrong, in words.
    public var description: String {
        switch self {
        case .unknownZone(let name): "'\(name)' is no known IANA time zone"
        case .unreadableSessions(let text): "the sessions '\(text)' are not of a known form, such as 0930-1600 or 24x7"
        case .unreadableHoliday(let text): "the holiday '\(text)' is not of the form YYYYMMDD"
        }
    }
}

/// India Standard Time: UTC+05:30 all year, without summer time since 1945 (IANA zone `Asia/Kolkata`).
public enum IndianTime {
    /// Seconds ahead of UTC.
    public static let offsetSeconds: Int64 = 19_800
    /// The IANA name.
    public static let zone = "Asia/Kolkata"

    /// The date and the time of day in India at an instant.
    public static func split(_ time: Timestamp) -> (date: CalendarDate, time: ClockTime) {
        let (date, second) = CalendarDate.split(seconds: time.seconds + offsetSeconds)
        return (date, ClockTime(secondsAfterMidnight: Int(second)))
    }

    /// The date in India at an instant.
    public static func date(_ time: Timestamp) -> CalendarDate { split(time).date }

    /// The instant at which the clocks of India show a time on a date.
    public static func timestamp(_ date: CalendarDate, _ time: ClockTime) -> Timestamp {
        Timestamp(seconds: Int64(date.daysSinceEpoch) * 86_400 + Int64(time.secondsAfterMidnight) - offsetSeconds)
    }
}

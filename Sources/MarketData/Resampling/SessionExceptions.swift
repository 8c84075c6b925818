/// The days that differ from the rule, read from TradingView's holidays and corrections.
struct SessionExceptions {
    /// The sessions of those days; empty where there is no trading.
    private(set) var sessions: [CalendarDate: [SessionText.Span]] = [:]

    init(holidays: String, corrections: String) throws(SessionScheduleError) {
        for text in holidays.split(separator: ",") {
            guard let date = SessionText.date(text) else { throw .unreadableHoliday(String(text)) }
            sessions[date] = []
        }
        for text in corrections.split(separator: ";") {
            let ends = text.split(separator: ":", omittingEmptySubsequences: false)
            guard ends.count == 2, let hours = SessionText.sessions(ends[0]) else {
                throw .unreadableCorrection(String(text))
            }
            for day in ends[1].split(separator: ",") {
                guard let date = SessionText.date(day) else { throw .unreadableCorrection(String(text)) }
                sessions[date] = hours
            }
        }
    }
}

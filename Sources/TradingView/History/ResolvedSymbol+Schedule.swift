import MarketData
import TradingViewProtocol

extension ResolvedSymbol {
    /// The days with other hours than usual, and single days off; `nil` where the server does not tell them.
    ///
    /// They stand in `corrections`, or beside the hours of the subsession that was resolved.
    var sessionCorrections: String? {
        if let corrections = text("corrections") { return corrections }
        let resolved = subsessionID ?? "regular"
        return subsessions.first { $0.id == resolved }?.correction
    }

    /// The days without trading that the server lists; a text that is no date is left out.
    var holidays: [CalendarDate] {
        (sessionHolidays ?? "").split(separator: ",").compactMap { text in
            guard text.utf8.count == 8, let number = Int(text) else { return nil }
            return CalendarDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        }
    }

    /// Why the trading days and hours that the server tells cannot be read; `nil` where they can, or are not told.
    var unreadableHours: String? {
        guard let session, let timeZone else { return nil }
        do {
            _ = try SessionSchedule(
                sessions: session, zone: timeZone, holidays: sessionHolidays ?? "",
                corrections: sessionCorrections ?? "")
            return nil
        } catch {
            return error.description
        }
    }

    /// The trading days and hours; `nil` where they are not told or cannot be read.
    var schedule: SessionSchedule? {
        guard let session, let timeZone else { return nil }
        return try? SessionSchedule(
            sessions: session, zone: timeZone, holidays: sessionHolidays ?? "", corrections: sessionCorrections ?? "")
    }
}

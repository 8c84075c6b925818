import Foundation
import MarketData

extension AppConfiguration {
    /// The exchange tables with a calendar file over them: the one that `BHAV_CALENDAR` names, or `calendar.json` in the
    /// data folder where there is one (docs/calendar.md).
    /// - Throws: `ConfigurationError`, naming the file and the line or key at fault.
    static func exchangeTables(_ settings: Settings, dataFolder: String) throws(ConfigurationError) -> ExchangeTables {
        let usual = "\(dataFolder)/calendar.json"
        let named = try settings.readableFile("BHAV_CALENDAR")
        guard let path = named ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil) else { return .builtIn }
        guard let data = FileManager.default.contents(atPath: path), data.count <= largestCalendar else {
            throw ConfigurationError("BHAV_CALENDAR", "the file '\(path)' cannot be read, or is larger than 1 MB")
        }
        do throws(CalendarFileError) {
            return try ExchangeTables.builtIn.overlaid(with: CalendarFile(json: Array(data)))
        } catch {
            throw ConfigurationError("BHAV_CALENDAR", "the calendar file '\(path)', \(error)")
        }
    }

    /// Puts the exchange tables in force, for the whole process; to be called before anything is made that has a calendar.
    public func installCalendar() { ExchangeTables.install(exchangeTables) }

    private static let largestCalendar = 1 << 20
}

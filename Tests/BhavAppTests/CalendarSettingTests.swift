import Foundation
import MarketData
import Testing

@testable import BhavApp

@Suite("The calendar file in the configuration", .serialized)
struct CalendarSettingTests {
    func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bhav-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    func configuration(_ folder: String, _ more: [String: String] = [:]) throws -> AppConfiguration {
        let environment = ["BHAV_DATA": folder].merging(more) { $1 }
        return try AppConfiguration(environment: environment, dotEnvPath: "\(folder)/.env")
    }

    func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }

    @Test("calendar.json of the data folder applies once it is installed, and a named file takes precedence over it")
    func installed() throws {
        let before = ExchangeTables.current
        defer { ExchangeTables.install(before) }
        try withFolder { folder in
            let (first, second) = (try date("2026-12-01"), try date("2026-12-02"))
            try write(#"{"holidays": ["2026-12-01"]}"#, to: "\(folder)/calendar.json")
            try write(#"{"holidays": ["2026-12-02"]}"#, to: "\(folder)/other.json")
            try configuration(folder).installCalendar()
            #expect(!TradingCalendar.nse.isTradingDay(first))
            #expect(TradingCalendar.nse.isTradingDay(second))
            try configuration(folder, ["BHAV_CALENDAR": "\(folder)/other.json"]).installCalendar()
            #expect(TradingCalendar.nse.isTradingDay(first))
            #expect(!TradingCalendar.nse.isTradingDay(second))
        }
    }

    @Test(
        "a file may have the encoding of any platform",
        arguments: [String.Encoding.utf8, .utf16, .utf16LittleEndian, .utf16BigEndian], ["", "\u{FEFF}"])
    func encodings(encoding: String.Encoding, mark: String) throws {
        try withFolder { folder in
            let text = mark + "{\r\n\"holidays\": [\"2026-12-01\"]\r\n}\r\n"
            let url = URL(fileURLWithPath: "\(folder)/calendar.json")
            try #require(text.data(using: encoding)).write(to: url)
            #expect(try configuration(folder).exchangeTables !== ExchangeTables.builtIn)
        }
    }

    @Test("a missing or invalid file is an error that names it and the line or key")
    func faults() throws {
        try withFolder { folder in
            try write("{\n\"lots\": {\"NSE:NIFTY\": {\"2027-01-01\": 0}}}", to: "\(folder)/calendar.json")
            let key = #expect(throws: ConfigurationError.self) { try configuration(folder) }
            #expect(key?.name == "BHAV_CALENDAR")
            #expect(key?.message.contains("calendar.json', lots.NSE:NIFTY.2027-01-01: expected a whole number") == true)
            try write("{\n\"lots\": [}", to: "\(folder)/other.json")
            let named = ["BHAV_CALENDAR": "\(folder)/other.json"]
            let line = #expect(throws: ConfigurationError.self) { try configuration(folder, named) }
            #expect(line?.message.contains("line 2: ") == true)
            let missing = ["BHAV_CALENDAR": "\(folder)/none.json"]
            #expect(throws: ConfigurationError.self) { try configuration(folder, missing) }
        }
    }

    @Test("without a file the built-in tables apply")
    func none() throws {
        try withFolder { folder in
            let tables = try configuration(folder).exchangeTables
            #expect(tables === ExchangeTables.builtIn)
        }
    }

    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }
}

import Foundation
import MarketData
import TestSupport
import Testing

@testable import MarketFormats

/// Small files in the shapes that people have, which do not belong to the project: the folder that `BHAV_CASES` names.
private enum Cases {
    static let folder: URL? = ProcessInfo.processInfo.environment["BHAV_CASES"].flatMap { path in
        path.isEmpty ? nil : URL(fileURLWithPath: path, isDirectory: true)
    }

    /// The bytes of the one file whose name begins so.
    static func bytes(_ number: String) throws -> [UInt8] {
        let folder = try #require(folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let name = try #require(names.filter { $0.hasPrefix("\(number)-") }.first)
        return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }
}

@Suite("Files of the cases folder", .enabled(if: Cases.folder != nil))
struct CaseFileTests {
    struct Case: CustomTestStringConvertible {
        let number: String
        var symbol = "NSE:RELIANCE"
        var interval = "1d"
        let bars: Int
        var format: String?
        var note: String?
        var testDescription: String { number }
    }

    @Test(
        "the file is imported",
        arguments: [
            Case(number: "01", bars: 3), Case(number: "01b", bars: 3), Case(number: "01c", bars: 3),
            Case(number: "02", bars: 2, note: "Dividends, Stock Splits"), Case(number: "03", bars: 2),
            Case(number: "04", interval: "1w", bars: 3),
            Case(number: "06", symbol: "NSE:NIFTY", bars: 2, note: "Turnover"), Case(number: "06b", bars: 2),
            Case(number: "07", bars: 2, note: "newest first"), Case(number: "07b", bars: 1),
            Case(number: "07c", bars: 2, note: "newest first"),
            Case(number: "08", bars: 2, format: "mm/dd/yyyy", note: "Change %"),
            Case(number: "08b", bars: 1, format: "mm/dd/yyyy"), Case(number: "08c", bars: 1),
            Case(number: "08d", bars: 1), Case(number: "09", interval: "5m", bars: 2, note: "Volume MA, Plot"),
            Case(number: "10", symbol: "NSE:NIFTY", interval: "5m", bars: 2), Case(number: "10b", bars: 2),
            Case(number: "10c", bars: 1), Case(number: "11", interval: "5m", bars: 2), Case(number: "12", bars: 1),
            Case(number: "13", interval: "5m", bars: 2),
            Case(number: "15", symbol: "NSE:NIFTY", interval: "5m", bars: 4),
            Case(number: "16", symbol: "NSE:NIFTY", bars: 3),
            Case(number: "17", symbol: "MCX:CRUDEOIL1!", interval: "1h", bars: 4),
            Case(number: "18", symbol: "NYMEX:CL1!", bars: 3),
            Case(number: "19", symbol: "BINANCE:SHIBUSDT", interval: "1h", bars: 2),
            Case(number: "20", symbol: "NASDAQ:AAPL", interval: "1h", bars: 4),
            Case(number: "20b", symbol: "NASDAQ:AAPL", interval: "1h", bars: 4),
            Case(number: "20c", symbol: "NASDAQ:AAPL", interval: "1h", bars: 4),
            Case(number: "21", symbol: "NSE:M&M", interval: "5m", bars: 2),
            Case(number: "21", symbol: "NSE:M_M", interval: "5m", bars: 2), Case(number: "22", bars: 2),
            Case(number: "23", bars: 2), Case(number: "24", interval: "5m", bars: 2),
            Case(number: "26", interval: "5m", bars: 2), Case(number: "27", bars: 2, format: "dd-mm-yyyy"),
            Case(number: "28", interval: "5m", bars: 1), Case(number: "29", interval: "5m", bars: 1, note: "Adj Close"),
            Case(number: "30", symbol: "NASDAQ:AAPL", bars: 5), Case(number: "31", bars: 6),
            Case(number: "31b", bars: 3, note: "calendar file"), Case(number: "32", interval: "5m", bars: 4),
            Case(number: "32b", interval: "5m", bars: 1), Case(number: "33", interval: "5m", bars: 2),
            Case(number: "34", bars: 1), Case(number: "35", bars: 1), Case(number: "37", bars: 1),
            Case(number: "38", interval: "5m", bars: 171), Case(number: "39", bars: 244),
            Case(number: "40", symbol: "NSE:NIFTYZ2026", interval: "5m", bars: 77),
            Case(number: "41", symbol: "NSE:USDINR", interval: "5m", bars: 96),
            Case(number: "51", interval: "5m", bars: 1), Case(number: "52", interval: "5m", bars: 2),
            Case(number: "53", interval: "5m", bars: 1), Case(number: "54", interval: "5m", bars: 1),
            Case(number: "55", interval: "5m", bars: 1), Case(number: "60", symbol: "SP:SPX", bars: 3),
        ])
    func imported(_ file: Case) throws {
        let contents = try BarFile.read(
            Cases.bytes(file.number), symbol: file.symbol, interval: file.interval, format: file.format)
        #expect(contents.bars.count == file.bars)
        #expect(contents.skipped.isEmpty)
        #expect(zip(contents.bars, contents.bars.dropFirst()).allSatisfy { $0.time < $1.time })
        if let note = file.note { #expect(contents.notes.contains { $0.contains(note) }, "\(contents.notes)") }
    }

    @Test(
        "a daily bar opens with the session of its trading day",
        arguments: ["01", "01b", "01c", "02", "03", "34", "35"])
    func daily(number: String) throws {
        let bars = try BarFile.read(Cases.bytes(number), symbol: "NSE:RELIANCE").bars
        #expect(bars.first?.time == (try BarFile.time("2026-06-08T09:15")))
    }

    @Test("a week that begins with a holiday opens on its first trading day")
    func weekly() throws {
        let bars = try BarFile.read(Cases.bytes("04"), interval: "1w").bars
        #expect(bars.map(\.time).contains(try BarFile.time("2024-01-23T09:15")))
    }

    @Test("values are exact")
    func values() throws {
        #expect(
            try BarFile.read(Cases.bytes("07"), symbol: "NSE:RELIANCE").bars.map(\.volume) == [6_536_734, 5_536_734])
        #expect(try BarFile.read(Cases.bytes("07b")).bars.first?.volume == 65_367_340)
        #expect(
            try BarFile.read(Cases.bytes("08"), format: "mm/dd/yyyy").bars.map(\.volume) == [250_000_000, 260_000_000])
        #expect(try BarFile.read(Cases.bytes("12")).bars.first?.open == 24000.1)
        #expect(try BarFile.read(Cases.bytes("37")).bars.first?.volume == nil)
        #expect(
            try BarFile.read(Cases.bytes("60"), symbol: "SP:SPX").bars.first?.time.description.hasPrefix("1871-02-01")
                == true)
        let shib = try BarFile.read(Cases.bytes("19"), symbol: "BINANCE:SHIBUSDT", interval: "1h").bars
        #expect(shib.map(\.open) == [0.00000812, 0.00000818])
        #expect(try BarFile.read(Cases.bytes("03"), symbol: "NSE:RELIANCE").bars.first?.open == 2170)
        let hours = try BarFile.read(Cases.bytes("20b"), symbol: "NASDAQ:AAPL", interval: "1h").bars
        #expect(hours == (try BarFile.read(Cases.bytes("20c"), symbol: "NASDAQ:AAPL", interval: "1h").bars))
    }

    @Test(
        "the file is refused, with its line or the option to use",
        arguments: [
            ("08", "--date-format"), ("08b", "--date-format"), ("27", "--date-format"), ("25", "missing"),
            ("36", "not a number"), ("36b", "not a number"),
        ])
    func refused(number: String, words: String) throws {
        let bytes = try Cases.bytes(number)
        let fault = #expect(throws: ImportFault.self) { try BarFile.read(bytes) }
        #expect(fault?.line != nil)
        #expect(fault?.message.contains(words) == true)
    }

    @Test("odd numbers are refused with their line and text, never read as another number", arguments: ["36", "36b"])
    func oddNumbers(number: String) throws {
        let bytes = try Cases.bytes(number)
        let fault = #expect(throws: ImportFault.self) { try BarFile.read(bytes) }
        #expect(fault?.line == 2)
        #expect(fault?.message.contains("'0x9") == true)
        #expect(throws: ImportFault.self) { try BarFile.read(bytes, skipping: true) }
    }

    @Test("a row without prices is skipped on request, and a daily file is not read as minutes")
    func others() throws {
        let contents = try BarFile.read(Cases.bytes("25"), skipping: true)
        #expect(contents.bars.count == 2)
        #expect(contents.skipped.map(\.line) == [3])
        let daily = try Cases.bytes("14")
        #expect(throws: ImportFault.self) { try BarFile.read(daily, interval: "1m") }
    }

    @Test("watchlists", arguments: [("50", 3), ("50b", 3), ("50c", 2), ("50d", 2)])
    func watchlists(number: String, count: Int) throws {
        let symbols = try SymbolListText.symbols(try Cases.bytes(number))
        #expect(symbols.map(\.name) == ["NSE:NIFTY", "NSE:BHEL", "NSE:M_M"].prefix(count).map { $0 })
    }
}

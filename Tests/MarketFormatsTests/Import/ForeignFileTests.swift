import Foundation
import MarketData
import TestSupport
import Testing

@testable import MarketFormats

@Suite("Files of bars of other programs")
struct ForeignFileTests {
    /// Trading days of NSE from 5 January 2026 on.
    private static func days(_ count: Int) -> [CalendarDate] {
        let bars = BarBoundaries(interval: .oneDay)
        var day = CalendarDate(daysSinceEpoch: 20_458)
        return (0..<count).map { _ in
            defer { day = bars.calendar.tradingDay(after: day) }
            return bars.calendar.tradingDay(onOrAfter: day)
        }
    }

    private static let spellings: [@Sendable (CalendarDate) -> String] = [
        { "\($0)" }, { "\($0) 00:00:00+05:30" }, { "\($0)T00:00:00" }, { "\($0) 15:30:00" },
        { "\($0)".filter { $0 != "-" } },
        {
            let (year, month, day) = $0.parts
            let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            return "\(day)-\(names[month - 1])-\(year)"
        },
    ]

    @Test(
        "ignores the index that pandas writes beside a column of dates",
        arguments: ["", "index", "Unnamed: 0"], [1, 2, 40, 61, 130, 180])
    func rowIndex(name: String, count: Int) throws {
        let days = ForeignFileTests.days(count)
        let openings = days.compactMap { TradingCalendar.nse.session(on: $0)?.opens }
        for (number, spelling) in ForeignFileTests.spellings.enumerated() {
            for (from, step) in [(0, 1), (1, 1), (2_500, 1), (0, 7), (count * 3, -1)] {
                let rows = days.enumerated().map { "\(from + $0 * step),\(spelling($1)),1,2,0.5,1.5\n" }
                let contents = try BarFile.read("\(name),Date,Open,High,Low,Close\n" + rows.joined())
                #expect(contents.bars.map(\.time) == openings, "spelling \(number), index from \(from) by \(step)")
            }
        }
    }

    @Test("refuses an index as the only time column", arguments: ["", "index", "Unnamed: 0"])
    func noTime(name: String) {
        let rows = (0..<130).map { "\($0),1,2,0.5,1.5\n" }.joined()
        let fault = #expect(throws: ImportFault.self) { try BarFile.read("\(name),Open,High,Low,Close\n\(rows)") }
        #expect(fault?.message.contains("--columns") == true)
    }

    @Test(
        "an index of times is read",
        arguments: [
            ",open,high,low,close\n1780890300,1,2,0.5,1.5", "index,open,high,low,close\n2026-06-08 09:15,1,2,0.5,1.5",
        ])
    func indexOfTimes(text: String) throws {
        #expect(try BarFile.read(text, interval: "5m").bars.map(\.time.seconds) == [1_780_890_300])
    }

    @Test(
        "files of data vendors and NSE's own JSON are read by the names in them",
        arguments: [
            (
                "ticker,volume,open,close,high,low,window_start,transactions\nTCS,10,1,1.5,2,0.5,1780890300000000000,3\n",
                "5m"
            ),
            (
                "ts_event,rtype,open,high,low,close,volume,symbol\n2026-06-08T03:45:00.000000000Z,33,1,2,0.5,1.5,10,TCS\n",
                "5m"
            ),
            (
                #"{"data":[{"CH_SYMBOL":"TCS","CH_SERIES":"EQ","CH_TRADE_HIGH_PRICE":2,"CH_TRADE_LOW_PRICE":0.5,"#
                    + #""CH_OPENING_PRICE":1,"CH_CLOSING_PRICE":1.5,"CH_LAST_TRADED_PRICE":9,"CH_PREVIOUS_CLS_PRICE":9,"#
                    + #""CH_TOT_TRADED_QTY":10,"CH_TIMESTAMP":"2026-06-08","mTIMESTAMP":"08-Jun-2026"}]}"#, "1d"
            ),
            (
                #"{"data":{"indexCloseOnlineRecords":[{"EOD_INDEX_NAME":"TCS","EOD_OPEN_INDEX_VAL":1,"#
                    + #""EOD_HIGH_INDEX_VAL":2,"EOD_CLOSE_INDEX_VAL":1.5,"EOD_LOW_INDEX_VAL":0.5,"#
                    + #""EOD_TIMESTAMP":"08-JUN-2026"}]}}"#, "1d"
            ),
        ])
    func vendors(text: String, interval: String) throws {
        let bar = try #require(try BarFile.read(text, symbol: "NSE:TCS", interval: interval).bars.first)
        #expect([bar.open, bar.high, bar.low, bar.close] == [1, 2, 0.5, 1.5])
        #expect(bar.time.seconds == 1_780_890_300)
    }

    @Test(
        "only a monthly bar may have a month as its date",
        arguments: ["2026-06", "2026/6", "06/2026", "6-2026", "Jun 2026", "June-2026", "2026 Jun", "2026-Jun"])
    func months(text: String) throws {
        let file = "Month\topen\thigh\tlow\tclose\n\(text)\t1\t2\t0.5\t1.5\n"
        let columns = "time=Month"
        #expect(try BarFile.read(file, interval: "1M", columns: columns).bars.map(\.time.seconds) == [1_780_285_500])
        for interval in ["1d", "1w", "5m"] {
            #expect(throws: ImportFault.self) { try BarFile.read(file, interval: interval, columns: columns) }
        }
    }

    @Test(
        "dates and times of day as spreadsheets count them are read together",
        arguments: [6, 8, 10, 16], ["46181", "2026-06-08", "20260608", "08-Jun-2026"])
    func spreadsheetClock(digits: Int, date: String) throws {
        let openings = (0..<75).map { 1_780_890_300 + Int64($0) * 300 }
        let rows = openings.map { opening in
            let fraction = Double((opening + 19_800) % 86_400) / 86_400
            return "\(date)\t\(String(format: "%.\(digits)f", fraction))\t1\t2\t0.5\t1.5\n"
        }
        let bars = try BarFile.read("Date\tTime\tOpen\tHigh\tLow\tClose\n" + rows.joined(), interval: "5m").bars
        #expect(bars.map(\.time.seconds) == openings)
    }

    @Test("a truncated line of ndjson loses no other line", arguments: 0..<6)
    func cutLine(broken: Int) throws {
        var lines = (0..<6).map {
            "{\"time\":\(1_780_890_300 + $0 * 300),\"open\":1,\"high\":2,\"low\":0.5,\"close\":1.5}"
        }
        let whole = lines[broken]
        for length in [1, 5, 12, 20, 30, 46, whole.utf8.count - 1] {
            lines[broken] = String(whole.prefix(length))
            for end in ["\n", "\r\n"] {
                let text = lines.joined(separator: end) + end
                let contents = try BarFile.read(text, interval: "5m", skipping: true)
                #expect(contents.bars.count == 5, "cut at \(length)")
                #expect(contents.skipped.map(\.line) == [broken + 1], "cut at \(length)")
                let fault = #expect(throws: ImportFault.self) { try BarFile.read(text, interval: "5m") }
                #expect(fault?.line == broken + 1)
            }
        }
    }

    @Test(
        "a seventh value without a name is open interest where India's brokers write it",
        arguments: [("NSE:NIFTY1!", 15.0), ("MCX:GOLD1!", 15), ("BYBIT:BTCUSDT", nil)] as [(String, Double?)])
    func seventh(symbol: String, openInterest: Double?) throws {
        let text = #"[["1780890300000","1","2","0.5","1.5","10","15"]]"#
        let zone = TimeZone(identifier: "Asia/Kolkata")
        let bars = try BarFile.read(Array(text.utf8), symbol: symbol, interval: "5m", zone: zone).bars
        #expect(bars.first?.openInterest == openInterest && bars.first?.volume == 10)
    }

    @Test(
        "a row's symbol may be written as brokers do",
        arguments: [
            ("NSE:RELIANCE", "RELIANCE-EQ"), ("NSE:RELIANCE", "NSE:RELIANCE-EQ"), ("NSE:RELIANCE", "reliance.ns"),
            ("NSE:NIFTY", "NSE:NIFTY50-INDEX"), ("NSE:NIFTY", "Nifty 50"), ("NSE:M_M", "M&M-EQ"),
            ("NSE:M_M", "NSE:M&M"),
            ("NSE:BAJAJ_AUTO", "BAJAJ-AUTO"), ("NASDAQ:AAPL", "AAPL"),
        ])
    func names(symbol: String, written: String) throws {
        let text = "date,symbol,open,high,low,close\n2026-06-08,\(written),1,2,0.5,1.5\n"
        #expect(try BarFile.read(text, symbol: symbol).bars.count == 1)
        for other in ["TCS", "NSE:TCS", "RELIANCE2", "BSE:RELIANCEX", "NIFTY500", "BANKNIFTY"] {
            #expect(throws: ImportFault.self) {
                try BarFile.read(text.replacing(written, with: other), symbol: symbol)
            }
        }
    }

    private static let bars = "Date;Open;High;Low;Close\n08.06.2026;24 000,10;24 100,50;23 950,20;24 050,30\n"

    @Test("a file is read in the encodings of any platform")
    func encodings() throws {
        let text = ForeignFileTests.bars
        let noBreak = text.replacing(" ", with: "\u{A0}")
        let units = Array(noBreak.unicodeScalars.map(\.value))
        var files: [[UInt8]] = [Array(text.utf8), Array(noBreak.utf8), units.map { UInt8($0) }]
        files.append([0xFF, 0xFE, 0, 0] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8), 0, 0] })
        files.append([0, 0, 0xFE, 0xFF] + units.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 0xFF)] })
        files.append([0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        for (index, bytes) in files.enumerated() {
            for end in [[], [0x1A], [0, 0, 0], [0x0D, 0x0A, 0x1A, 0]] as [[UInt8]] where index < 3 || end.isEmpty {
                #expect(try BarFile.read(bytes + end).bars.map(\.close) == [24_050.3], "file \(index), end \(end)")
            }
        }
        // Names of columns too.
        let named = "Séance;Open;High;Low;Close\n08.06.2026;1,5;2;0,5;1,5\n".unicodeScalars.map { UInt8($0.value) }
        #expect(try BarFile.read(named, columns: "time=Séance").bars.map(\.open) == [1.5])
        #expect(try ImportText.lines([0x80, 0x96, 0x9F, 0x41]) == ["€–ŸA"])
    }

    @Test("a header that ends in separators has rows with and without them")
    func trailingSeparators() throws {
        for (header, row) in [(",", ""), (",,", ","), ("", ","), (",", ","), (",", ",x"), ("", ",,,")] {
            let text = "date,open,high,low,close\(header)\n2026-06-08,1,2,0.5,1.5\(row)\n"
            #expect(try BarFile.read(text).bars.count == 1, "\(text)")
        }
        for row in ["2026-06-08,1,2,0.5", "2026-06-08,1,2,0.5,1.5,x"] {
            let fault = #expect(throws: ImportFault.self) { try BarFile.read("date,open,high,low,close\n\(row)\n") }
            #expect(fault?.line == 2)
        }
    }

    @Test("duplicate column names are an error that says how to choose")
    func sameNames() {
        let fault = #expect(throws: ImportFault.self) {
            try BarFile.read("time,open,high,low,close,Volume,Volume\n1780890300,1,2,0.5,1.5,10,10\n", interval: "5m")
        }
        #expect(fault?.message.contains("--columns time,open") == true)
    }
}

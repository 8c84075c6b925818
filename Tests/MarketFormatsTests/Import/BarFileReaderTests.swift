import Foundation
import MarketData
import Testing

@testable import MarketFormats

/// Reads a text as a file of NIFTY's bars, judged by NSE's calendar on 29 November 2026.
enum BarFile {
    static let now = Timestamp(seconds: 1_795_910_400)

    static func read(
        _ text: String, symbol: String = "NSE:NIFTY", interval: String = "1d", columns: String? = nil,
        format: String? = nil, decimal: DecimalMark? = nil, skipping: Bool = false
    ) throws -> BarFileContents {
        try read(
            Array(text.utf8), symbol: symbol, interval: interval, columns: columns, format: format, decimal: decimal,
            skipping: skipping)
    }

    static func read(
        _ bytes: [UInt8], symbol: String = "NSE:NIFTY", interval: String = "1d", columns: String? = nil,
        format: String? = nil, decimal: DecimalMark? = nil, skipping: Bool = false, instrument: Instrument? = nil,
        zone: TimeZone? = nil
    ) throws -> BarFileContents {
        let (symbol, interval) = (try Symbol(symbol), try Interval(interval))
        let isIndian = symbol.exchange == "NSE"
        let series = BarFileSeries(
            symbol: symbol, interval: interval, instrument: instrument,
            boundaries: isIndian ? BarBoundaries(interval: interval) : nil, zone: zone, now: now)
        let options = try BarFileOptions(
            columns: columns, dateFormat: format, decimal: decimal, skipsInvalid: skipping)
        return try BarFileReader(series: series, options: options).read(bytes)
    }

    static func time(_ text: String) throws -> Timestamp {
        try Timestamp(text, zone: TimeZone(identifier: "Asia/Kolkata"), dateMeans: .start)
    }
}

@Suite("Reading files of bars")
struct BarFileReaderTests {
    @Test(
        "a row is the same bar in every dialect",
        arguments: [
            "time,open,high,low,close,volume,final\n1780890300,1.5,2.5,0.5,2,1200,true\n",
            "Date;Time;Open;High;Low;Close;Volume\n08.06.2026;09:15;1,5;2,5;0,5;2,0;1.200\n",
            "<TICKER>\t<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOL>\nNIFTY\t20260608\t091500\t1.5\t2.5\t0.5\t2\t1200\n",
            "Nifty 50, 5 minutes\nTimestamp (IST),Open Price,High Price,Low Price,Close Price,Total Traded Quantity,Remark\n08-Jun-2026 09:15:00 AM,1.5,2.5,0.5,2,\"1,200\",x\n",
            "Gmt time,Open,High,Low,Close,Volume\n08.06.2026 03:45:00.000,1.5,2.5,0.5,2,1.2K\n",
            "datetime,open,high,low,close,volume\nMon Jun 08 2026 09:15:00 GMT+0530 (India Standard Time),1.5,2.5,0.5,2,1200\n",
            "datetime,open,high,low,close,volume\n2026-06-08T09:15:00.000+05:30[Asia/Kolkata],1.5,2.5,0.5,2,1.2e3\n",
            "datetime|open|high|low|close|volume\r\n2026/06/08 9:15|1.5|2.5|0.5|2|1200\r\n",
            "date,open,high,low,close,volume\n202606080915,1.5,2.5,0.5,2,1200\n",
            "date,open,high,low,close,volume\n46181.385416666664,1.5,2.5,0.5,2,1200\n",
            "[[1780890300000,\"1.5\",\"2.5\",\"0.5\",\"2\",\"1200\",1780890599999,\"1\",5,\"1\",\"1\",\"0\"]]",
            "{\"s\":\"ok\",\"t\":[1780890300],\"o\":[1.5],\"h\":[2.5],\"l\":[0.5],\"c\":[2],\"v\":[1200]}",
            "{\"columns\":[\"open\",\"high\",\"low\",\"close\",\"volume\"],\"index\":[1780890300000],\"data\":[[1.5,2.5,0.5,2,1200]]}",
            "{\"open\":{\"1780890300000\":1.5},\"high\":{\"1780890300000\":2.5},\"low\":{\"1780890300000\":0.5},\"close\":{\"1780890300000\":2},\"volume\":{\"1780890300000\":1200}}",
            "{\"Meta Data\":{\"a\":\"b\"},\"Time Series (5min)\":{\"2026-06-08 09:15:00\":{\"1. open\":\"1.5\",\"2. high\":\"2.5\",\"3. low\":\"0.5\",\"4. close\":\"2\",\"5. volume\":\"1200\"}}}",
            "{\"symbol\":\"NSE:NIFTY\",\"bar\":{\"time\":1780890300,\"open\":1.5,\"high\":2.5,\"low\":0.5,\"close\":2,\"volume\":1200,\"final\":true},\"source\":\"mock\"}\n",
            "time                       open  high  low  close  volume  final\n2026-06-08T09:15:00+05:30   1.5   2.5  0.5      2   1,200  yes\n",
        ])
    func dialects(text: String) throws {
        let contents = try BarFile.read(text, interval: "5m")
        let bar = Bar(
            time: Timestamp(seconds: 1_780_890_300), open: 1.5, high: 2.5, low: 0.5, close: 2, volume: 1200,
            isFinal: true)
        #expect(contents.bars == [bar])
    }

    @Test(
        "the order of day and month is decided by the whole column",
        arguments: [
            ("03/04/2026,31/05/2026", ["2026-04-03", "2026-05-31"]),
            ("05/31/2026,06/04/2026", ["2026-05-31", "2026-06-04"]),
            // A bar is never in the future.
            ("01/12/2026", ["2026-01-12"]),
            // Only one order is in order of time.
            ("01/02/2026,05/02/2026,02/03/2026", ["2026-02-01", "2026-02-05", "2026-03-02"]),
            ("08-06-26,30-06-26", ["2026-06-08", "2026-06-30"]),
        ])
    func order(dates: String, expected: [String]) throws {
        let rows = dates.split(separator: ",").map { "\($0),1,2,1,2" }.joined(separator: "\n")
        let bars = try BarFile.read("date,open,high,low,close\n\(rows)\n", symbol: "CME:ES1!").bars
        #expect(bars.map { String($0.time.description.prefix(10)) } == expected)
    }

    @Test(
        "ambiguous dates are refused unless --date-format is given",
        arguments: ["03/04/2026", "03-04-2026", "3/4/26"])
    func ambiguous(date: String) throws {
        let text = "date,open,high,low,close\n\(date),1,2,1,2\n"
        let fault = #expect(throws: ImportFault.self) { try BarFile.read(text, symbol: "BINANCE:BTCUSDT") }
        #expect(fault?.line == 2)
        #expect(fault?.message.contains("--date-format") == true)
        let short = date.utf8.count < 8 ? "yy" : "yyyy"
        let mark = date.contains("-") ? "-" : "/"
        for (format, expected) in [
            ("dd\(mark)mm\(mark)\(short)", "2026-04-03"), ("mm\(mark)dd\(mark)\(short)", "2026-03-04"),
        ] {
            let bars = try BarFile.read(text, symbol: "BINANCE:BTCUSDT", format: format).bars
            #expect(bars.first?.time.description.hasPrefix(expected) == true, "\(format)")
        }
        let bars = try BarFile.read(
            text, symbol: "BINANCE:BTCUSDT", format: "%d\(mark)%m\(mark)\(short == "yy" ? "%y" : "%Y")"
        ).bars
        #expect(bars.first?.time.description.hasPrefix("2026-04-03") == true)
    }

    @Test(
        "numbers are read exactly or not at all",
        arguments: [
            ("24,000.10", 24000.1), ("1,00,24,000.10", 10_024_000.1), ("1,234,567", 1_234_567), ("₹ 24,000", 24000),
            ("2.5e3", 2500), ("-37.63", -37.63), ("−37.63", -37.63), ("1 234.5", 1234.5), ("0.00000812", 0.00000812),
            ("0x9c4", nil), ("1_000", nil), ("24,00", nil), ("1,2345", nil), ("nan", nil), ("inf", nil), ("12a", nil),
            ("1.2.3", nil), ("", nil), ("9e999", nil),
        ] as [(String, Double?)])
    func numbers(text: String, value: Double?) {
        #expect(ImportNumbers(decimal: .point).value(text) == value)
    }

    @Test(
        "volumes may have suffixes",
        arguments: [
            ("260.00M", 260_000_000), ("1.2K", 1200), ("4.35 Cr", 43_500_000), ("2.5L", 250_000), ("3.1 lakh", 310_000),
            ("1.1B", 1_100_000_000), ("0.29M", 290_000), ("5x", nil), ("M", nil), ("1e3M", nil),
        ] as [(String, Double?)])
    func suffixes(text: String, value: Double?) {
        #expect(ImportNumbers(decimal: .point).value(suffixed: text) == value)
    }

    @Test("distinguishes a decimal comma from grouping by all numbers, or refuses it")
    func decimalComma() throws {
        func closes(_ text: String, _ mark: DecimalMark? = nil) throws -> [Double] {
            try BarFile.read("date;open;high;low;close\n" + text, decimal: mark).bars.map(\.close)
        }
        #expect(try closes("2026-06-08;24000,1;24000,5;23000;24000,3\n") == [24000.3])
        #expect(try closes("2026-06-08;24.000,1;24.000,5;23.000;24.000,3\n") == [24000.3])
        #expect(try closes("2026-06-08;24,000.1;24,000.5;23,000;24,000\n") == [24000])
        let open = "2026-06-08;24,000;24,500;23,000;24,300\n"
        let fault = #expect(throws: ImportFault.self) { try closes(open) }
        #expect(fault?.line == 2)
        #expect(try closes(open, .comma) == [24.3])
        #expect(try closes(open, .point) == [24300])
        #expect(throws: ImportFault.self) { try closes("2026-06-08;24.5;25;23,1;24\n") }
    }

    @Test("a stray row is an error with its line, or skipped and counted")
    func stray() throws {
        let good = (0..<60).map {
            "2026-06-08 \(9 + ($0 + 15) / 60):\(String(($0 + 15) % 60 + 100).dropFirst()),1,2,1,2,5"
        }
        var lines = ["datetime,open,high,low,close,volume"] + good
        lines[31] = "2026-06-08 09:45,1,2,oops,2,5"
        let text = lines.joined(separator: "\n")
        let fault = #expect(throws: ImportFault.self) { try BarFile.read(text, interval: "1m") }
        #expect(fault?.line == 32)
        let contents = try BarFile.read(text, interval: "1m", skipping: true)
        #expect(contents.bars.count == 59)
        #expect(contents.skipped.map(\.line) == [32])
        for bad in [
            "\"2026-06-08 09:45,1,2,1,2,5", "a,b", "2026-06-08 09:45,1,2,1,2,5,6", "99/99/2026,1,2,1,2,5", ",,,,,1",
        ] {
            lines[31] = bad
            let contents = try BarFile.read(lines.joined(separator: "\n"), interval: "1m", skipping: true)
            #expect(contents.bars.count == 59, "\(bad)")
            #expect(contents.skipped.map(\.line) == [32], "\(bad)")
        }
    }

    @Test("unknown columns are ignored and listed, and a duplicate column is refused")
    func unknownColumns() throws {
        let contents = try BarFile.read(
            "Date,Adj Close,Close,High,Low,Open,Foo\n2026-06-08,1,2,2,1,1,9\n2026-06-09,1,2,2,1,1,9\n")
        #expect(contents.notes == ["ignored columns: Adj Close, Foo"])
        #expect(throws: ImportFault.self) {
            try BarFile.read("Date,Open,High,Low,Close,Close\n2026-06-08,1,2,1,2,3\n")
        }
        #expect(throws: ImportFault.self) { try BarFile.read("Date,Open,High,Low\n2026-06-08,1,2,1\n") }
    }

    @Test("columns can be named by place and by name")
    func columns() throws {
        let rows = "x,2026-06-08,5,1,2,0.5,1.5\n"
        let placed = try BarFile.read(rows, columns: "-,date,volume,open,high,low,close").bars
        #expect(placed.first?.volume == 5 && placed.first?.close == 1.5)
        let named = try BarFile.read(
            "Day of Trade,Erste,H,L,LTP,Qty\n2026-06-08,1,2,0.5,1.5,5\n", columns: "time=Day of Trade,open=Erste"
        ).bars
        #expect(named.first?.open == 1 && named.first?.close == 1.5)
        #expect(throws: ImportFault.self) { try BarFile.read(rows) }
        #expect(throws: ImportFault.self) { try BarFile.read(rows, columns: "time,open") }
        #expect(throws: ImportFault.self) { try BarFile.read(rows, columns: "close=Nowhere") }
    }

    @Test("columns of several symbols are filtered by the requested one")
    func severalSymbols() throws {
        let text = """
            Price,Close,Close,High,High,Low,Low,Open,Open
            Ticker,TCS.NS,RELIANCE.NS,TCS.NS,RELIANCE.NS,TCS.NS,RELIANCE.NS,TCS.NS,RELIANCE.NS
            Date,,,,,,,,
            2026-06-08,1,2151.4,1,2177,1,2143.3,1,2170

            """
        #expect(try BarFile.read(text, symbol: "NSE:RELIANCE").bars.first?.close == 2151.4)
        #expect(throws: ImportFault.self) { try BarFile.read(text, symbol: "NSE:INFY") }
    }

    @Test(
        "a bar of a day opens with its session, however it is stamped",
        arguments: [
            "2026-06-08", "2026-06-08T00:00:00+0530", "2026-06-08 00:00:00", "2026-06-08T00:00:00Z", "1780857000",
            "2026-06-08 05:30:00+05:30", "1780876800", "1780876800000", "2026-06-08 09:15", "2026-06-08 15:30:00",
            "20260608", "08 Jun 2026", "June 8, 2026", "2026-06-07T18:30:00Z",
        ])
    func daily(time: String) throws {
        let field = time.contains(",") ? "\"\(time)\"" : time
        let bars = try BarFile.read("time,open,high,low,close\n\(field),1,2,1,2\n").bars
        #expect(bars.map(\.time) == [try BarFile.time("2026-06-08T09:15")])
    }

    @Test("orders a repeated hour by the rows, newest first too")
    func clockSetBack() throws {
        let times = [
            "2026-11-01 00:30", "2026-11-01 01:00", "2026-11-01 01:30", "2026-11-01 01:00", "2026-11-01 01:30",
            "2026-11-01 02:00",
        ]
        for rows in [times, times.reversed()] {
            let text = "time,open,high,low,close\n" + rows.map { "\($0),1,2,1,2\n" }.joined()
            let bars = try BarFile.read(text, symbol: "NASDAQ:AAPL", interval: "30m").bars
            let start = Timestamp(seconds: 1_793_507_400)
            #expect(bars.map(\.time) == (0..<6).map { start.advanced(bySeconds: Int64($0) * 1800) })
        }
    }

    @Test("repeated rows count once, contradicting ones are refused")
    func repeated() throws {
        let row = "2026-06-08T09:15:00+05:30,1,2,0.5,1.5\n"
        let header = "time,open,high,low,close\n"
        #expect(try BarFile.read(header + row + row, interval: "5m").bars.count == 1)
        let other = row.replacing("1.5", with: "1.6")
        let fault = #expect(throws: ImportFault.self) { try BarFile.read(header + row + other, interval: "5m") }
        #expect(fault?.line == 3)
        #expect(try BarFile.read(header + row + other, interval: "5m", skipping: true).skipped.count == 1)
    }

    @Test("impossible bars are read and listed, and future bars are refused")
    func impossible() throws {
        let header = "date,open,high,low,close,volume\n"
        let contents = try BarFile.read(header + "2026-06-08,1,2,3,2,1\n2026-06-09,1,2,1,5,1\n2026-06-10,1,2,1,2,-4\n")
        #expect(contents.bars.count == 3)
        #expect(contents.notes.count == 1)
        #expect(contents.notes.first?.hasPrefix("3 impossible bars") == true)
        #expect(throws: ImportFault.self) { try BarFile.read(header + "2026-12-08,1,2,1,2,1\n") }
    }

    @Test(
        "files of another interval or zone are refused",
        arguments: [
            ("date,open,high,low,close\n2026-06-08,1,2,1,2\n2026-06-09,1,2,1,2\n", "1m"),
            ("date,open,high,low,close\n2026-06-08 00:00:00,1,2,1,2\n2026-06-09 00:00:00,1,2,1,2\n", "1h"),
            (
                "time,open,high,low,close\n2026-06-08 09:15,1,2,1,2\n2026-06-08 09:16,1,2,1,2\n2026-06-08 09:17,1,2,1,2\n",
                "5m"
            ),
            ("time,open,high,low,close\n2026-06-08 03:45,1,2,1,2\n2026-06-08 03:50,1,2,1,2\n", "5m"),
            (
                "time,open,high,low,close\n2026-06-08 09:15,1,2,1,2\n2026-06-08 09:20,1,2,1,3\n2026-06-08 09:25,1,2,1,1\n",
                "1d"
            ),
        ])
    func mistakes(text: String, interval: String) {
        #expect(throws: ImportFault.self) { try BarFile.read(text, interval: interval) }
    }

    /// Bars of 5m of a local time, each 5 minutes after the one before.
    private func bars(_ start: String, _ count: Int, step: Int64 = 300) throws -> String {
        let first = try BarFile.time(start)
        let zone = try #require(TimeZone(identifier: "Asia/Kolkata"))
        return (0..<count).map { index in
            let text = first.advanced(bySeconds: Int64(index) * step).description(in: zone)
            return "\(text.prefix(19)),1,2,1,2\n"
        }.joined()
    }

    @Test(
        "sessions that the calendar does not know are imported, with one note",
        arguments: [
            "2018-11-07T17:30", "2012-11-13T15:45", "2026-11-08T18:00", "2024-03-02T17:00",
        ])
    func specialSessions(start: String) throws {
        let contents = try BarFile.read("time,open,high,low,close\n" + bars(start, 12), interval: "5m")
        #expect(contents.bars.count == 12)
        #expect(contents.bars.first?.time == (try BarFile.time(start)))
        #expect(contents.notes.count { $0.hasPrefix("12 bars outside") } == 1, "\(contents.notes)")
    }

    @Test("days with other hours are imported if most have the usual ones or a zone is given")
    func otherHours() throws {
        let header = "time,open,high,low,close\n"
        let evening = try bars("2026-06-09T17:00", 60)
        let text = header + (try bars("2026-06-08T09:15", 12)) + evening
        #expect(try BarFile.read(text, interval: "5m").bars.count == 72)
        let fault = #expect(throws: ImportFault.self) { try BarFile.read(header + evening, interval: "5m") }
        #expect(fault?.message.contains("--time-zone Asia/Kolkata") == true)
        let zone = TimeZone(identifier: "Asia/Kolkata")
        let given = try BarFile.read(Array((header + evening).utf8), interval: "5m", zone: zone)
        #expect(given.bars.count == 60)
        #expect(given.notes.count { $0.hasPrefix("60 bars outside") } == 1)
        // A file of years whose special sessions are not known, with hours of another zone.
        let shifted = try bars("2018-03-05T03:45", 75)
        #expect(throws: ImportFault.self) { try BarFile.read(header + shifted, interval: "5m") }
        // No zone makes a bar open between two bars.
        let between = try bars("2026-06-08T09:17", 12)
        #expect(throws: ImportFault.self) {
            try BarFile.read(Array((header + between).utf8), interval: "5m", zone: zone)
        }
    }

    @Test(
        "refuses text that is not a file of bars",
        arguments: [
            "", " \n", "hello\n", "{", "[1,2", "[]", "{\"a\":{}}", "<html><body>", "time,open,high,low,close\n",
        ])
    func nothing(text: String) {
        #expect(throws: ImportFault.self) { try BarFile.read(text) }
    }

    @Test("deep nesting and open quotes end in an error")
    func hostile() {
        #expect(throws: ImportFault.self) { try BarFile.read(String(repeating: "[", count: 100_000)) }
        #expect(throws: ImportFault.self) {
            try BarFile.read("time,open,high,low,close\n\"" + String(repeating: "a", count: 200_000))
        }
    }

    @Test("UTF-16 and byte order marks are read")
    func encodings() throws {
        let text = "date,open,high,low,close\r\n2026-06-08,1,2,1,2\r\n"
        let units = Array(text.utf16)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [little, big, [0xFF, 0xFE] + little, [0xFE, 0xFF] + big, [0xEF, 0xBB, 0xBF] + Array(text.utf8)] {
            #expect(try BarFile.read(bytes).bars.count == 1)
        }
    }

    @Test("lists of symbols of any platform, and TradingView's watchlists")
    func lists() throws {
        func names(_ text: String) throws -> [String] { try SymbolListText.symbols(Array(text.utf8)).map(\.name) }
        #expect(try names("\u{FEFF}NSE:NIFTY,NSE:BHEL,NSE:M_M\r\n") == ["NSE:NIFTY", "NSE:BHEL", "NSE:M_M"])
        #expect(try names("###INDICES,NSE:NIFTY,###STOCKS,NSE:BHEL") == ["NSE:NIFTY", "NSE:BHEL"])
        #expect(try names("# mine\rNSE:NIFTY # first, second\r\n\n NIFTY 50 \n") == ["NSE:NIFTY", "NIFTY 50"])
        #expect(try SymbolListText.symbols(Array("A\r\nB\r\n".utf8)).map(\.line) == [1, 2])
    }
}

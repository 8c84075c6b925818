import MarketData
import TestSupport
import Testing

@testable import NSE

@Suite("The daily file of futures and options")
struct BhavcopyTests {
    /// Made up, in the shape of the format: other columns stand between, and none where one would expect it.
    let header =
        "TradDt,BizDt,Sgmt,FinInstrmTp,TckrSymb,XpryDt,OptnTp,StrkPric,ClsPric,UndrlygPric,SttlmPric,OpnIntrst,"
        + "ChngInOpnIntrst,TtlTradgVol,NewBrdLotQty,Rmks"
    let lines = [
        "2026-09-16,2026-09-16,FO,IDF,NIFTY,2026-09-29,,,25110.5,25050.1,25110.5,9000,100,55,65,",
        "2026-09-16,2026-09-16,FO,IDO,NIFTY,2026-09-22,CE,25000.00,120.5,25050.1,120.5,6500,-1300,800,65,",
        "2026-09-16,2026-09-16,FO,IDO,NIFTY,2026-09-22,PE,25000.00,70,25050.1,70,7800,2600,900,65,",
        "2026-09-16,2026-09-16,FO,IDO,NIFTY,2026-09-22,PE,23200.00,4.5,25050.1,4.5,7467135,2914210,10,65,",
        "2026-09-16,2026-09-16,FO,IDO,NIFTY,2026-09-22,CE,29000.00,0.85,25050.1,0.85,281,0,0,65,",
        "2026-09-16,2026-09-16,FO,IDO,NIFTY,2026-09-29,CE,25000.00,170,25050.1,170,65,65,1,65,",
        "2026-09-16,2026-09-16,FO,STO,ABC,2026-09-29,CE,112.90,3,115.2,3,2000,0,4,1000,",
    ]

    func file(_ lines: [String], header: String? = nil, end: String = "\r\n") throws -> Bhavcopy {
        try Bhavcopy(csv: Array((([header ?? self.header] + lines).joined(separator: end) + end).utf8))
    }

    @Test("the options of one expiry make a snapshot in shares, as of the day's close")
    func snapshot() throws {
        let file = try file(lines)
        #expect(file.tradingDate == day("2026-09-16"))
        #expect(file.expiries(of: .nifty) == [day("2026-09-22"), day("2026-09-29")])
        let snapshot = try file.snapshot(of: .nifty, expiry: day("2026-09-22"))
        #expect(snapshot.strikes.map(\.strike.description) == ["23200", "25000", "29000"])
        #expect(snapshot.unit == .shares)
        #expect(snapshot.lotSize == 65)
        #expect(snapshot.spot == 25050.1)
        #expect(snapshot.listedStrikes == 3)
        #expect(snapshot.provenance.mode == .endOfDay)
        #expect(snapshot.provenance.asOf == india("2026-09-16 15:40"))
        let call = try #require(snapshot.strikes[1].call)
        #expect(call == OptionData(openInterest: 6500, change: -1300, previous: 7800, last: 120.5, volume: 52_000))
        #expect(snapshot.strikes[0].call == nil)
    }

    @Test("one row proves the unit: 7,467,135 less 2,914,210 is 70,045 contracts of 65 the day before")
    func unit() throws {
        let snapshot = try file(lines).snapshot(of: .nifty, expiry: day("2026-09-22"))
        #expect(snapshot.strikes[0].put?.previous == 4_552_925)
        #expect(Lot(size: 65).shares(70_045) == 4_552_925)
    }

    @Test("an option that was not traded has no last price, whatever the closing column has")
    func untraded() throws {
        let snapshot = try file(lines).snapshot(of: .nifty, expiry: day("2026-09-22"))
        #expect(snapshot.strikes[2].call == OptionData(openInterest: 281, change: 0, previous: 281, volume: 0))
    }

    @Test("odd strikes and lots of shares are read, also with Unix line endings")
    func stock() throws {
        let symbol = Symbol(exchange: "NSE", ticker: "ABC")
        let snapshot = try file(lines, end: "\n").snapshot(of: symbol, expiry: day("2026-09-29"))
        #expect(snapshot.strikes.map(\.strike.description) == ["112.9"])
        #expect(snapshot.lotSize == 1000)
    }

    @Test("an unknown expiry is named, with the known ones")
    func unknownExpiry() throws {
        let file = try file(lines)
        let error = #expect(throws: MarketDataError.self) { try file.snapshot(of: .nifty, expiry: day("2026-10-06")) }
        #expect(error?.code == .expiryNotListed)
        #expect(error?.suggestions == ["2026-09-22", "2026-09-29"])
    }

    @Test("an invalid file is an error with place and reason")
    func unreadable() {
        func message(_ lines: [String], header: String? = nil) -> String? {
            do {
                _ = try file(lines, header: header)
                return nil
            } catch {
                return (error as? MarketDataError)?.message
            }
        }
        #expect(message([], header: "PK\u{3}\u{4}")?.contains("still zipped") == true)
        #expect(message([], header: "<html>")?.contains("web page") == true)
        #expect(message([])?.contains("not a single contract") == true)
        #expect(message(lines, header: "TradDt,Other")?.contains("no column FinInstrmTp") == true)
        #expect(message([lines[1], "2026-09-16,IDO"])?.contains("line 3: 2 fields") == true)
        #expect(message([lines[1].replacing("6500", with: "n/a")])?.contains("line 2, OpnIntrst") == true)
        #expect(message([lines[1].replacing("CE", with: "XX")])?.contains("line 2, OptnTp") == true)
        #expect(
            message([lines[1], lines[2].replacing("2026-09-16,", with: "2026-09-17,")])?.contains("line 3") == true)
    }

    @Test("an option that is listed twice is an error")
    func twice() throws {
        let file = try file(lines + [lines[1]])
        let error = #expect(throws: MarketDataError.self) { try file.snapshot(of: .nifty, expiry: day("2026-09-22")) }
        #expect(error?.message.contains("line 9 has the strike 25000") == true)
    }

    @Test("a file as large as a real day's is read completely")
    func large() throws {
        let rows = (1...35_000).map { number in
            "2026-09-16,2026-09-16,FO,STO,S\(number / 200),2026-09-29,CE,\(number % 200 + 1),3,115.2,3,\(number),0,4,1,"
        }
        let file = try file(rows)
        let snapshot = try file.snapshot(of: Symbol(exchange: "NSE", ticker: "S100"), expiry: day("2026-09-29"))
        #expect(snapshot.strikes.count == 200)
        #expect(snapshot.strikes[7].call?.openInterest == 20_007)
    }

    @Test(
        "the day's volume is in shares, in either format",
        arguments: [("2026-11-20", 12, 780.0), ("2026-11-20", 1300, 1300), ("2024-05-02", 12, 300)])
    func volume(date: String, written: Int, shares: Double) throws {
        var text = BhavcopyText(day: day(date), expiries: [day(date).advanced(byDays: 7)])
        text.volume = written
        let csv = BhavcopyFormat(of: text.day) == .udiff ? text.udiff : text.historical
        let snapshot = try Bhavcopy(csv: Array(csv.utf8)).snapshot(of: .nifty, expiry: text.expiries[0])
        #expect(snapshot.strikes.compactMap { $0.call?.volume } == [shares, shares, shares])
        #expect(snapshot.putCallRatio(by: .volume).value == 1)
    }
}

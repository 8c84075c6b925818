import JSON
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import Trendlyne

@Suite("The session of one contract")
struct ContractHistoryTests {
    let contract = DerivativeContract(
        underlying: .nifty, expiry: day("2026-11-24"), kind: .option(Strike(tenThousandths: 250_000_000), .call))

    func history(_ items: String, at now: String = "2026-11-20 09:27") throws -> ContractHistory {
        let intervals = try #require(try BuildUpInterval.list(body(#"{"data_v2":[\#(items)],"tableData":[]}"#)))
        return try ContractHistory(intervals, of: contract, each: .fiveMinutes, now: india(now))
    }

    static let first = """
        {"interval":"09:15 TO 09:20","buildup":null,"close_price":101.5,"oi":6500.0,"oi_change":null,\
        "oi_change_gross":null,"volume_change":null,"volume_gross":1300.0}
        """
    static let second = """
        {"interval":"09:20 TO 09:25","buildup":"Long Build Up","close_price":null,"open_interest":7150.0,\
        "oi_change":10.0,"oi_change_gross":650.0,"volume_change":-50.0,"volume_gross":650.0}
        """

    @Test("intervals are in order of their ends in India's time, whatever order they arrived in")
    func order() throws {
        let history = try history("\(ContractHistoryTests.second),\(ContractHistoryTests.first)")
        #expect(history.points.map(\.time) == [india("2026-11-20 09:20"), india("2026-11-20 09:25")])
        #expect(history.tradingDay == day("2026-11-20"))
        #expect(history.unit == .shares)
        #expect(history.lotSize == 65)
        #expect(history.provenance.asOf == india("2026-11-20 09:25"))
        #expect(history.provenance.feed == "fno/buildup-5")
        #expect(history.provenance.mode == .delayed)
    }

    @Test("open interest is read under both of its names, and null stays unknown")
    func values() throws {
        let history = try history("\(ContractHistoryTests.first),\(ContractHistoryTests.second)")
        #expect(
            history.points[0]
                == ContractPoint(
                    time: india("2026-11-20 09:20"), isFinal: true, price: 101.5, openInterest: 6500, volume: 1300))
        #expect(
            history.points[1]
                == ContractPoint(
                    time: india("2026-11-20 09:25"), isFinal: true, openInterest: 7150, change: 650, volume: 650,
                    buildUp: "long_build_up"))
    }

    @Test("an interval under way is not final")
    func underWay() throws {
        let history = try history(
            "\(ContractHistoryTests.first),\(ContractHistoryTests.second)", at: "2026-11-20 09:22")
        #expect(history.points.map(\.isFinal) == [true, false])
        #expect(history.provenance.asOf == india("2026-11-20 09:22"))
    }

    @Test("a future interval shows that an earlier day is served")
    func earlierDay() throws {
        let late = #"{"interval":"15:25 TO 15:30","oi":1.0}"#
        let error = #expect(throws: MarketDataError.self) {
            try history("\(ContractHistoryTests.first),\(late)", at: "2026-11-20 09:22")
        }
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("2026-11-20") == true)
    }

    @Test("before the opening and on a Sunday the session is the last one, and over")
    func shut() throws {
        let history = try history(ContractHistoryTests.first, at: "2026-11-22 11:00")
        #expect(history.tradingDay == day("2026-11-20"))
        #expect(history.points[0].time == india("2026-11-20 09:20"))
        #expect(history.provenance.mode == .endOfDay)
    }

    @Test("intervals outside the usual hours belong to a special session today")
    func special() throws {
        let history = try history(#"{"interval":"18:15 TO 18:20","oi":65.0}"#, at: "2026-11-22 18:30")
        #expect(history.tradingDay == day("2026-11-22"))
        #expect(history.provenance.mode == .delayed)
    }

    @Test(
        "an unreadable interval is an error that names it",
        arguments: ["", "09:15", "9 TO 10", "09:20 TO 09:15"])
    func oddInterval(text: String) {
        let error = #expect(throws: UnreadableField.self) { try history(#"{"interval":"\#(text)","oi":1.0}"#) }
        #expect(error?.path == "body.data_v2[0].interval")
    }

    @Test("two intervals with one end, and open interest below zero, are errors")
    func contradictions() {
        #expect(throws: UnreadableField("body.data_v2[1].interval", "two intervals end at 09:20")) {
            try history("\(ContractHistoryTests.first),\(ContractHistoryTests.first)")
        }
        #expect(throws: UnreadableField.self) { try history(#"{"interval":"09:15 TO 09:20","oi":-65.0}"#) }
    }

    @Test("a missing or empty list is invalid")
    func empty() throws {
        #expect(try BuildUpInterval.list(body("{}")) == nil)
        #expect(try BuildUpInterval.list(body(#"{"data_v2":[]}"#)) == nil)
    }

    @Test("an expiry is named by its date in lower case and its rank")
    func rank() {
        let listed = [day("2026-01-06"), day("2026-01-13"), day("2026-01-20"), day("2026-01-27")]
        #expect(ExpiryRank(listed[0], in: listed)?.path(listed[0]) == "06-jan-2026-near")
        #expect(ExpiryRank(listed[1], in: listed)?.path(listed[1]) == "13-jan-2026-next")
        #expect(ExpiryRank(listed[3], in: listed)?.path(listed[3]) == "27-jan-2026-far")
        #expect(ExpiryRank(day("2026-02-03"), in: listed) == nil)
    }
}

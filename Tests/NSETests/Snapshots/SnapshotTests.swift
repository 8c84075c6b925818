import MarketData
import TestSupport
import Testing

@testable import NSE

@Suite("Snapshots of NSE's chains")
struct SnapshotTests {
    @Test("contracts become shares by the lot of the expiry")
    func shares() throws {
        let snapshot = try snapshot()
        #expect(snapshot.unit == .shares)
        #expect(snapshot.lotSize == 65)
        let call = try #require(snapshot.strikes[1].call)
        #expect(call.openInterest == 3900)
        #expect(call.change == -1950)
        #expect(call.previous == 5850)
        #expect(call.volume == 65_000)
        #expect(call.last == 55.5)
        #expect(call.impliedVolatility == 11.25)
        #expect(snapshot.listedStrikes == nil)
        #expect(snapshot.putCallRatio(by: .openInterest).value == 130.0 / 150)
    }

    @Test("fractional contracts become whole shares, rounded to four places or not")
    func fractions() throws {
        var text = ChainText()
        for fraction in ["4.3231", "4.323076923076923"] {
            text.rows = [ChainText.Row(strike: "25000", call: ChainText.Side(openInterest: fraction, change: "0"))]
            #expect(try snapshot(text).strikes[0].call?.openInterest == 281)
        }
        #expect(Lot(size: 75).shares(4.3333) == 325)
        #expect(Lot(size: 75).shares(92.6667) == 6950)
    }

    @Test("contracts that are not whole shares prove another lot, and nothing is multiplied")
    func wrongLot() throws {
        var text = ChainText()
        text.rows[0].put = ChainText.Side(openInterest: "4.3333", change: "0")
        let snapshot = try snapshot(text)
        #expect(snapshot.unit == .contracts)
        #expect(snapshot.lotSize == nil)
        #expect(snapshot.strikes[1].put?.openInterest == 4.3333)
        #expect(snapshot.notes.count == 1)
        // With a lot that does not fit the number of shares is unknown.
        let forced = try chain(text.nextAPI).snapshot(
            of: .nifty, lot: Lot(size: 65), feed: "test", strikesOfAllExpiries: nil, now: india("2026-11-20 10:32"))
        #expect(forced.strikes[1].put?.openInterest == nil)
    }

    @Test("a far contract listed before a change of lots has its old lot, where its orders prove it")
    func lotOfTheTime() throws {
        // In July 2025 a contract had 75 shares, also one that expires in 2026, when it has 65.
        func far(_ bidShares: String, _ askShares: String) throws -> SiteChain {
            var text = ChainText()
            text.timestamp = "17-Jul-2025 15:30:00"
            let side = ChainText.Side(openInterest: "4.3333", change: "0", bidShares: bidShares, askShares: askShares)
            text.rows = [ChainText.Row(strike: "25000", call: side, put: nil)]
            return try chain(text.nextAPI)
        }
        #expect(Lot(.nifty, of: try far("75", "150"))?.size == 75)
        #expect(Lot(.nifty, of: try far("65", "150"))?.size == nil)
        #expect(Lot(.nifty, of: try far("0", "0"))?.size == nil)
    }

    @Test("an underlying with an unknown lot keeps its contracts, fractions included")
    func unknownLot() throws {
        var text = ChainText()
        text.rows = [
            ChainText.Row(
                strike: "112.9", call: ChainText.Side(openInterest: "4.3333", change: "0", underlying: "ABC"), put: nil)
        ]
        let snapshot = try snapshot(text, of: Symbol(exchange: "NSE", ticker: "ABC"))
        #expect(snapshot.unit == .contracts)
        #expect(snapshot.lotSize == nil)
        #expect(snapshot.strikes[0].call?.openInterest == 4.3333)
    }

    @Test("orders that are not whole lots prove another lot, and nothing is multiplied")
    func contradictedLot() throws {
        var text = ChainText()
        text.rows[2].put?.askShares = "75"
        let snapshot = try snapshot(text)
        #expect(snapshot.unit == .contracts)
        #expect(snapshot.lotSize == nil)
        #expect(snapshot.strikes[1].call?.openInterest == 60)
    }

    @Test("an option whose open interest grew by more than its total is left out, with a note that names it")
    func impossibleChange() throws {
        var text = ChainText()
        text.rows[0].call?.change = "61"
        let snapshot = try snapshot(text)
        #expect(snapshot.strikes[1].call == nil)
        #expect(snapshot.strikes[1].put?.openInterest == 2600)
        #expect(snapshot.unit == .shares)
        #expect(snapshot.notes.count == 1)
        #expect(snapshot.notes.first?.contains("60 cannot have grown by 61") == true)
    }

    @Test("orders that are all multiples of a larger lot prove that the lot is not the smaller one")
    func greatestCommonDivisor() throws {
        // All divide by 25 as well.
        func lot(_ sizes: [Int], times count: Int) throws -> Int? {
            var text = ChainText()
            text.rows = (0..<count).map { index in
                let side = ChainText.Side(
                    change: "0", bidShares: String(sizes[index % sizes.count]),
                    askShares: String(sizes[(index + 1) % sizes.count]))
                return ChainText.Row(strike: String(20_000 + 50 * index), call: side, put: side)
            }
            return Lot(25, of: try chain(text.nextAPI))?.size
        }
        #expect(try lot([75, 150, 225, 1800], times: 20) == nil)
        #expect(try lot([75, 150, 25, 1800], times: 20) == 25)
        // A few orders prove nothing.
        #expect(try lot([75, 150], times: 3) == 25)
        #expect(try lot([75, 80], times: 3) == nil)
    }

    @Test("the best bid and ask of each option are returned")
    func quotes() throws {
        let call = try #require(try snapshot().strikes[1].call)
        #expect(call.bid == 55.45)
        #expect(call.ask == 55.6)
        #expect(call.mid.map { ($0 * 1000).rounded() } == 55_525)
    }

    @Test("a previous value below zero by rounding alone is zero")
    func roundedChange() throws {
        var text = ChainText()
        let call = ChainText.Side(openInterest: "4.3333", change: "4.3334", underlying: "ABC")
        text.rows = [ChainText.Row(strike: "112.9", call: call, put: nil)]
        let snapshot = try snapshot(text, of: Symbol(exchange: "NSE", ticker: "ABC"))
        #expect(snapshot.strikes[0].call?.previous == 0)
    }

    @Test("without call interest there is no ratio, and a reason")
    func zeroCalls() throws {
        var text = ChainText()
        for index in text.rows.indices { text.rows[index].call = ChainText.Side(openInterest: "0", change: "0") }
        let ratio = try snapshot(text).putCallRatio(by: .openInterest)
        #expect(ratio.value == nil)
        #expect(ratio.reason == "the calls' open interest is zero")
    }

    @Test("in the session it is delayed by its own stamp, and after the close it is the end of the day")
    func provenance() throws {
        let open = try snapshot(now: "2026-11-20 10:32").provenance
        #expect(
            open
                == Provenance(
                    source: .nse, feed: "test", mode: .delayed, delaySeconds: 120, asOf: india("2026-11-20 10:30")))
        let shut = try snapshot(now: "2026-11-20 15:40").provenance
        #expect(shut.mode == .endOfDay)
        #expect(shut.delaySeconds == nil)
        #expect(try snapshot(now: "2026-11-20 15:39").provenance.mode == .delayed)
    }

    @Test("an expired expiry, frozen values and later values are rejected")
    func stamps() throws {
        func code(_ stamp: String, now: String, at: String? = nil) throws -> MarketDataError.Code? {
            var text = ChainText()
            text.timestamp = stamp
            return #expect(throws: MarketDataError.self) { try snapshot(text, now: now, at: at) }?.code
        }
        #expect(try code("25-Nov-2026 10:30:00", now: "2026-11-25 10:31") == .expiryNotListed)
        #expect(try code("10-Nov-2026 10:30:00", now: "2026-11-20 10:31") == .noDataForTime)
        #expect(try code("20-Nov-2026 10:35:00", now: "2026-11-20 10:31") == .noDataForTime)
        #expect(try code("20-Nov-2026 10:30:01", now: "2026-11-20 10:31", at: "2026-11-20 10:30") == .noDataForTime)
    }

    @Test("the previous close is rejected as of now once the session is under way, but not at its opening")
    func earlierDay() throws {
        var text = ChainText()
        text.timestamp = "19-Nov-2026 15:40:00"
        #expect(try snapshot(text, now: "2026-11-20 09:20").provenance.mode == .endOfDay)
        let error = #expect(throws: MarketDataError.self) { try snapshot(text, now: "2026-11-20 09:26") }
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("2026-11-20 are due by now") == true)
        // Before the opening of Monday, Friday's close is what there is.
        text.timestamp = "20-Nov-2026 15:40:00"
        #expect(try snapshot(text, now: "2026-11-23 08:00").provenance.asOf == india("2026-11-20 15:40"))
        // A holiday of a year whose list is not known may be why nothing moves.
        text.timestamp = "24-Mar-2027 15:40:00"
        text.rows = [ChainText.Row(strike: "25000")]
        let unlisted = try chain(text.nextAPI.replacing("24-11-2026", with: "30-03-2027"), expiry: day("2027-03-30"))
        #expect(
            try unlisted.snapshot(
                of: .nifty, lot: nil, feed: "test", strikesOfAllExpiries: nil, now: india("2027-03-25 12:00")
            ).provenance.mode == .endOfDay)
    }

    @Test("a minute around now is now, earlier is past, and later is rejected")
    func moments() throws {
        let now = india("2026-11-20 10:32")
        #expect(try ChainRequest.pastMoment(nil, now: now) == nil)
        #expect(try ChainRequest.pastMoment(india("2026-11-20 10:33"), now: now) == nil)
        #expect(try ChainRequest.pastMoment(india("2026-11-20 10:31"), now: now) == nil)
        #expect(try ChainRequest.pastMoment(india("2026-11-20 10:30"), now: now) == india("2026-11-20 10:30"))
        let error = #expect(throws: MarketDataError.self) {
            try ChainRequest.pastMoment(india("2026-11-20 10:34"), now: now)
        }
        #expect(error?.message.contains("in the future") == true)
    }
}

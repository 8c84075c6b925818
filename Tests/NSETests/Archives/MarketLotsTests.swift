import MarketData
import TestSupport
import Testing

@testable import NSE

@Suite("The exchange's list of lots")
struct MarketLotsTests {
    /// Made up, in the shape of the file: padded, with a second header above the shares and gaps between.
    static let text = """
        UNDERLYING                              ,SYMBOL    ,NOV-26    ,DEC-26    ,JAN-27    ,DEC-27
        Nifty 50                                ,NIFTY     ,65        ,65        ,60        ,60
        Nifty Bank                              ,BANKNIFTY ,30        ,30        ,35        ,
        Derivatives on Individual Securities    ,Symbol    ,NOV-26    ,DEC-26    ,JAN-27
        ABC Limited                             ,ABC       ,1250      ,1250      ,1500
        M & M Limited                           ,M&M       ,200       ,200       ,200

        """
    let abc = Symbol(exchange: "NSE", ticker: "ABC")
    let lotsPlace = ArchiveFile.marketLots.path

    @Test("a lot is that of the contract's expiry month, for indices and shares")
    func sizes() throws {
        let lots = try MarketLots(csv: Array(Self.text.utf8))
        #expect(lots.count == 4)
        #expect(lots.size(of: "NIFTY", expiring: day("2026-12-29")) == 65)
        #expect(lots.size(of: "NIFTY", expiring: day("2027-12-28")) == 60)
        #expect(lots.size(of: "BANKNIFTY", expiring: day("2027-12-28")) == nil)
        #expect(lots.size(of: "ABC", expiring: day("2027-01-25")) == 1500)
        #expect(lots.size(of: "M&M", expiring: day("2026-11-24")) == 200)
        #expect(lots.size(of: "ABC", expiring: day("2027-02-23")) == nil)
    }

    @Test("an invalid file is named", arguments: ["", "<html>", "a,b,c\n1,2,3\n", "UNDERLYING,SYMBOL,NOV-26\n"])
    func unreadable(text: String) {
        #expect(throws: (any Error).self) { try MarketLots(csv: Array(text.utf8)) }
    }

    /// A chain of ABC with a fraction of a contract, and orders that divide by 1250.
    var chain: ScriptedSite.Reply {
        var text = ChainText()
        text.rows = [ChainText.Row(strike: "25000")]
        text.rows[0].call = ChainText.Side(
            openInterest: "41.5", change: "0", volume: "2", bidShares: "2500", askShares: "1250", underlying: "ABC")
        text.rows[0].put = ChainText.Side(bidShares: "1250", askShares: "1250", underlying: "ABC")
        return .init(body: text.nextAPI)
    }

    func snapshots(_ site: ScriptedSite, _ symbols: [Symbol]) async throws -> [OpenInterestSnapshot] {
        try await withClient(site) { client in
            var snapshots: [OpenInterestSnapshot] = []
            for symbol in symbols {
                snapshots.append(try await client.openInterest(OpenInterestRequest(symbol: symbol)))
            }
            return snapshots
        }
    }

    @Test("contracts of a share become shares by the list, fractions too, and the list is read once a day")
    func shares() async throws {
        let site = ScriptedSite([
            page: [withCookies], dropdown: [listed], newestChain: [chain], lotsPlace: [.init(body: Self.text)],
        ])
        let snapshots = try await withClient(site) { client in
            let nearest = try await client.openInterest(OpenInterestRequest(symbol: abc))
            return [nearest, try await client.openInterest(OpenInterestRequest(symbol: abc))]
        }
        #expect(snapshots[0].unit == .shares)
        #expect(snapshots[0].lotSize == 1250)
        #expect(snapshots[0].strikes[0].call?.openInterest == 51_875)
        #expect(site.places.filter { $0 == lotsPlace }.count == 1)
    }

    @Test("an index with a lot in the tables does not wait for the list")
    func known() async throws {
        let site = ScriptedSite([
            page: [withCookies], dropdown: [listed], newestChain: [.init(body: ChainText().nextAPI)],
        ])
        #expect(try await snapshots(site, [.nifty])[0].lotSize == 65)
        #expect(!site.places.contains(lotsPlace))
    }

    @Test("where the chain's orders contradict the tables, the list decides")
    func outOfDate() async throws {
        var text = ChainText()
        for index in text.rows.indices {
            text.rows[index].call?.bidShares = "180"
            text.rows[index].call?.askShares = "60"
            text.rows[index].put?.bidShares = "60"
            text.rows[index].put?.askShares = "120"
        }
        let site = ScriptedSite([
            page: [withCookies], dropdown: [listed], newestChain: [.init(body: text.nextAPI)],
            lotsPlace: [.init(body: Self.text.replacing("NIFTY     ,65 ", with: "NIFTY     ,60 "))],
        ])
        let snapshot = try await snapshots(site, [.nifty])[0]
        #expect(snapshot.lotSize == 60)
        #expect(snapshot.strikes[0].call?.openInterest == 600)
    }

    @Test(
        "without a list, or with one that the orders contradict, the unit stays contracts",
        arguments: [
            ScriptedSite.Reply.page("<html>", status: 404), .page("<html>"), .page("busy", status: 503),
            .init(body: MarketLotsTests.text.replacing("ABC       ,1250", with: "ABC       ,999 ")),
            .init(body: MarketLotsTests.text.replacing("ABC       ,1250", with: "ABC       ,    ")),
        ])
    func contracts(reply: ScriptedSite.Reply) async throws {
        let site = ScriptedSite([
            page: [withCookies], dropdown: [listed], newestChain: [chain], lotsPlace: [reply],
        ])
        let snapshot = try await snapshots(site, [abc])[0]
        #expect(snapshot.unit == .contracts)
        #expect(snapshot.lotSize == nil)
        #expect(snapshot.strikes[0].call?.openInterest == 41.5)
    }
}

import MarketData
import TestSupport
import Testing

@testable import NSE

@Suite("past days from NSE's archive")
struct ArchiveTests {
    let wednesday = BhavcopyText(day: day("2026-09-16"), expiries: [day("2026-09-22"), day("2026-09-29")])
    let thursday = BhavcopyText(
        day: day("2026-09-17"), expiries: [day("2026-09-22"), day("2026-09-29")], openInterest: 7150)
    let friday = BhavcopyText(
        day: day("2026-09-18"), expiries: [day("2026-09-22"), day("2026-09-29")], openInterest: 7800)

    func site(_ files: BhavcopyText...) -> ScriptedSite {
        ScriptedSite(Dictionary(files.map { ($0.place, [$0.reply]) }, uniquingKeysWith: { first, _ in first }))
    }

    func snapshot(
        _ site: ScriptedSite, at moment: String, expiry: CalendarDate? = nil, now: String = "2026-09-21 08:00"
    ) async throws -> OpenInterestSnapshot {
        try await withClient(site, at: now) { client in
            try await client.openInterest(OpenInterestRequest(symbol: .nifty, expiry: expiry, at: india(moment)))
        }
    }

    func error(
        _ site: ScriptedSite, at moment: String, expiry: CalendarDate? = nil, now: String = "2026-09-21 08:00"
    ) async throws -> MarketDataError? {
        await failure { _ = try await snapshot(site, at: moment, expiry: expiry, now: now) }
    }

    @Test("the addresses are those of the format of the day")
    func addresses() {
        #expect(
            ArchiveFile.bhavcopy(of: day("2026-09-16")).path
                == "/content/fo/BhavCopy_NSE_FO_0_0_0_20260916_F_0000.csv.zip")
        #expect(
            ArchiveFile.bhavcopy(of: day("2024-07-08")).path
                == "/content/fo/BhavCopy_NSE_FO_0_0_0_20240708_F_0000.csv.zip")
        #expect(
            ArchiveFile.bhavcopy(of: day("2024-07-05")).path
                == "/content/historical/DERIVATIVES/2024/JUL/fo05JUL2024bhav.csv.zip")
        #expect(
            ArchiveFile.bhavcopy(of: day("2023-01-02")).path
                == "/content/historical/DERIVATIVES/2023/JAN/fo02JAN2023bhav.csv.zip")
    }

    @Test("a past time gets the newest close before it, in shares, at the end of that day's session")
    func close() async throws {
        let snapshot = try await snapshot(site(wednesday, thursday), at: "2026-09-17 15:39")
        #expect(snapshot.provenance.asOf == india("2026-09-16 15:40"))
        #expect(snapshot.provenance.mode == .endOfDay)
        #expect(snapshot.provenance.source == .nse)
        #expect(snapshot.expiry == day("2026-09-22"))
        #expect(snapshot.unit == .shares)
        #expect(snapshot.lotSize == 65)
        #expect(snapshot.spot == 25_010.2)
        #expect(snapshot.putCallRatio(by: .openInterest).calls == 19_500)
        #expect(snapshot.putCallRatio(by: .openInterest).value == 2)
        let later = try await self.snapshot(site(wednesday, thursday), at: "2026-09-17 15:40")
        #expect(later.provenance.asOf == india("2026-09-17 15:40"))
        #expect(later.putCallRatio(by: .openInterest).calls == 21_450)
    }

    @Test("expiries of a past session are those of the newest file then, without those that had expired")
    func expiries() async throws {
        let expiry = day("2026-09-22")
        let files = site(
            BhavcopyText(day: day("2026-09-17"), expiries: [day("2026-09-17"), expiry, day("2026-09-29")]))
        try await withClient(files, at: "2026-09-21 10:00") { client in
            let list = try await client.expiries(of: .nifty, at: india("2026-09-18 10:00"))
            #expect(list.expiries == [expiry, day("2026-09-29")])
            #expect(list.standard == expiry)
            #expect(list.provenance.asOf == india("2026-09-17 15:40"))
            #expect(list.provenance.mode == .endOfDay)
            let missing = await failure { _ = try await client.expiries(of: .nifty, at: india("2026-09-16 16:00")) }
            #expect(missing?.code == .noDataForTime)
        }
    }

    @Test("a weekend and a holiday get the close before, and no file of a closed day is requested")
    func closed() async throws {
        // 2026-09-14 is a holiday.
        let before = BhavcopyText(day: day("2026-09-11"), expiries: [day("2026-09-15"), day("2026-09-22")])
        let site = site(before)
        let snapshot = try await snapshot(site, at: "2026-09-14 16:00")
        #expect(snapshot.provenance.asOf == india("2026-09-11 15:40"))
        #expect(site.places == [before.place])
    }

    @Test("the session ended at 15:30 before August 2026, and so do its snapshots")
    func olderHours() async throws {
        let july = BhavcopyText(day: day("2026-07-28"), expiries: [day("2026-07-28"), day("2026-08-04")])
        let snapshot = try await snapshot(site(july), at: "2026-07-28 15:30")
        #expect(snapshot.provenance.asOf == india("2026-07-28 15:30"))
        #expect(snapshot.expiry == day("2026-07-28"))
    }

    @Test("an expired expiry is served for its days, and one that the day did not list is named")
    func expired() async throws {
        let site = site(wednesday)
        let snapshot = try await snapshot(
            site, at: "2026-09-16 18:00", expiry: day("2026-09-22"), now: "2026-11-20 10:00")
        #expect(snapshot.expiry == day("2026-09-22"))
        let error = try await error(site, at: "2026-09-16 18:00", expiry: day("2026-10-06"), now: "2026-11-20 10:00")
        #expect(error?.code == .expiryNotListed)
        #expect(error?.suggestions == ["2026-09-22", "2026-09-29"])
    }

    @Test("the older format has open interest in shares, without spot and lot")
    func historical() async throws {
        let old = BhavcopyText(day: day("2024-07-05"), expiries: [day("2024-07-11")])
        let snapshot = try await snapshot(site(old), at: "2024-07-05 16:00")
        #expect(snapshot.provenance.asOf == india("2024-07-05 15:30"))
        #expect(snapshot.unit == .shares)
        #expect(snapshot.spot == nil)
        #expect(snapshot.lotSize == nil)
        #expect(snapshot.strikes.map(\.strike.price) == [24_900, 25_000, 25_100])
        #expect(
            snapshot.strikes[0].call
                == OptionData(openInterest: 6500, change: 650, previous: 5850, last: 101.5, volume: 300))
    }

    @Test("an unpublished file is named, requested again only later, and announced")
    func notPublished() async throws {
        let site = site()
        let error = try await error(site, at: "2026-09-16 15:50", now: "2026-09-16 16:00")
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("not published the F&O bhavcopy of 2026-09-16 yet") == true)
        #expect(error?.recovery == .retry(afterSeconds: 600))
    }

    @Test("until the day's file exists the site's chain gives its close, and no values later than requested")
    func closeOfToday() async throws {
        var text = ChainText()
        text.timestamp = "20-Nov-2026 15:40:00"
        let site = ScriptedSite([page: [withCookies], dropdown: [listed], newestChain: [.init(body: text.nextAPI)]])
        let snapshot = try await snapshot(site, at: "2026-11-20 15:50", now: "2026-11-20 16:00")
        #expect(snapshot.provenance.asOf == india("2026-11-20 15:40"))
        #expect(snapshot.provenance.mode == .endOfDay)
        text.timestamp = "20-Nov-2026 15:55:00"
        let later = ScriptedSite([page: [withCookies], dropdown: [listed], newestChain: [.init(body: text.nextAPI)]])
        let error = try await error(later, at: "2026-11-20 15:50", now: "2026-11-20 16:00")
        #expect(error?.message.contains("not published the F&O bhavcopy of 2026-11-20 yet") == true)
    }

    @Test("a trading day without a file is named; in a year without a holiday list a weekday counts as one")
    func missing() async throws {
        let error = try await error(site(), at: "2026-09-15 18:00")
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("no F&O bhavcopy of 2026-09-15") == true)
        let monday = BhavcopyText(day: day("2018-03-28"), expiries: [day("2018-04-26")])
        let old = site(monday)
        // 2018-03-29 was a holiday that no list here has.
        let snapshot = try await snapshot(old, at: "2018-03-29 18:00")
        #expect(snapshot.provenance.asOf == india("2018-03-28 15:30"))
        #expect(old.places.count == 2)
    }

    @Test("before options existed no file is requested")
    func tooEarly() async throws {
        let site = site()
        #expect(try await error(site, at: "2001-06-01 18:00")?.code == .noDataForTime)
        #expect(site.places == [])
    }

    @Test("a damaged zip, a page, an empty body, another day's file and a refusal have their own errors")
    func unreadable() async throws {
        var damaged = ZipText(wednesday.udiff)
        damaged.checksum = 1
        let replies: [(ScriptedSite.Reply, MarketDataError.Code, String)] = [
            (.file(damaged.bytes), .upstreamUnreadable, "its checksum is wrong"),
            (.page("<html>sorry"), .upstreamUnreadable, "found a web page"),
            (.file([]), .upstreamUnreadable, "the response is empty"),
            (.file(Array("{}".utf8)), .upstreamUnreadable, "it is not a zip"),
            (.file(ZipText(thursday.udiff).bytes), .upstreamUnreadable, "it is of 2026-09-17"),
            (.file(ZipText("<html>").bytes), .upstreamUnreadable, "found a web page"),
            (.page("<html>", status: 403), .throttled, "bot guard refused us"),
            (.page("busy", status: 503), .upstreamUnavailable, "status 503"),
        ]
        for (reply, code, words) in replies {
            let error = try await error(ScriptedSite([wednesday.place: [reply]]), at: "2026-09-16 18:00")
            #expect(error?.code == code)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(error?.source == .nse)
        }
    }

    @Test("history has one snapshot per trading day, in order, of the nearest expiry at the end")
    func history() async throws {
        let site = site(wednesday, thursday, friday)
        let range = TimeRange(from: india("2026-09-16 15:40"), to: india("2026-09-20 00:00"))
        let (first, again) = try await withClient(site, at: "2026-09-21 08:00") { client in
            (
                try await client.openInterestHistory(of: .nifty, expiry: nil, within: range),
                try await client.openInterestHistory(of: .nifty, expiry: day("2026-09-22"), within: range)
            )
        }
        let closes = ["2026-09-16 15:40", "2026-09-17 15:40", "2026-09-18 15:40"].map(india)
        #expect(first.map(\.provenance.asOf) == closes)
        #expect(first.map { $0.putCallRatio(by: .openInterest).calls } == [19_500, 21_450, 23_400])
        #expect(first.allSatisfy { $0.expiry == day("2026-09-22") })
        #expect(again == first)
        // Each file was requested once.
        #expect(site.places == [friday.place, thursday.place, wednesday.place])
    }

    @Test("history leaves out days on which the expiry was not listed or whose file is missing")
    func partialHistory() async throws {
        let early = BhavcopyText(day: day("2026-09-15"), expiries: [day("2026-09-15"), day("2026-09-22")])
        let site = site(early, wednesday)
        let range = TimeRange(from: india("2026-09-15 09:15"), to: india("2026-09-18 00:00"))
        let history = try await withClient(site, at: "2026-09-17 16:00") { client in
            try await client.openInterestHistory(of: .nifty, expiry: day("2026-09-29"), within: range)
        }
        #expect(history.map(\.provenance.asOf) == [india("2026-09-16 15:40")])
    }

    @Test("a range of too many days, of none, or after the expiry is rejected without a request")
    func refusedRanges() async throws {
        let site = site()
        let codes = try await withClient(site, at: "2026-09-21 08:00") { client in
            var codes: [MarketDataError.Code?] = []
            for (from, to, expiry) in [
                ("2026-01-01 00:00", "2026-09-01 00:00", nil), ("2026-09-19 00:00", "2026-09-20 00:00", nil),
                ("2026-09-16 00:00", "2026-09-18 00:00", day("2026-09-15")),
            ] {
                let range = TimeRange(from: india(from), to: india(to))
                codes.append(
                    await failure {
                        _ = try await client.openInterestHistory(of: .nifty, expiry: expiry, within: range)
                    }?.code)
            }
            return codes
        }
        #expect(codes == [.tooLarge, .noDataForTime, .noDataForTime])
        #expect(site.places == [])
    }

    @Test("a chart's M_M matches M&M in the file")
    func spelling() async throws {
        var text = wednesday
        text.codes = ["NIFTY", "M&M"]
        let snapshot = try await withClient(site(text), at: "2026-09-21 08:00") { client in
            try await client.openInterest(
                OpenInterestRequest(symbol: Symbol(exchange: "NSE", ticker: "M_M"), at: india("2026-09-16 18:00")))
        }
        #expect(snapshot.strikes.count == 3)
    }

    @Test("concurrent requests for one day fetch its file once")
    func once() async throws {
        let site = site(wednesday)
        try await withClient(site, at: "2026-09-21 08:00") { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for expiry in wednesday.expiries + wednesday.expiries {
                    group.addTask {
                        _ = try await client.openInterest(
                            OpenInterestRequest(symbol: .nifty, expiry: expiry, at: india("2026-09-16 18:00")))
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(site.places == [wednesday.place])
    }
}

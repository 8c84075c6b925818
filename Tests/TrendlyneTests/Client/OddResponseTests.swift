import MarketData
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Unusual responses, through the client")
struct OddResponseTests {
    let request = OpenInterestRequest(symbol: .nifty)

    func snapshot(of text: ChainText) async throws -> OpenInterestSnapshot {
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [.data(text.body)]])
        return try await withClient(site) { try await $0.openInterest(request) }
    }

    func error(of reply: ScriptedSite.Reply) async throws -> MarketDataError? {
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [reply]])
        return try await withClient(site) { client in
            await failure { _ = try await client.openInterest(request) }
        }
    }

    @Test("calls without open interest give a ratio of null with its reason, and no 0 or 1")
    func zeroCalls() async throws {
        var text = ChainText()
        text.strikes = [("25000", ChainText.values(call: (0, 0), put: (650, 1300)))]
        let ratio = try await snapshot(of: text).putCallRatio(by: .openInterest)
        #expect(ratio.value == nil)
        #expect(ratio.reason == "the calls' open interest is zero")
        #expect(ratio.puts == 650)
    }

    @Test("a strike with one side keeps the other unknown, and sums count the known sides")
    func oneSided() async throws {
        var text = ChainText()
        text.strikes = [
            ("24900", #"{"putOi":650.0,"putPrevOi":650.0,"putOiChange":0.0}"#),
            ("25000", #"{"callOi":1300.0,"callPrevOi":650.0,"callOiChange":650.0,"putOi":null,"putPrevOi":null}"#),
        ]
        let snapshot = try await snapshot(of: text)
        #expect(snapshot.strikes.map { $0.call == nil } == [true, false])
        #expect(snapshot.strikes.map { $0.put == nil } == [false, true])
        let ratio = snapshot.putCallRatio(by: .openInterest)
        #expect(ratio.puts == 650)
        #expect(ratio.calls == 1300)
        #expect(ratio.value == nil)
        #expect(ratio.reason?.contains("no strike has the open interest of both") == true)
        #expect(snapshot.strikes[0].putCallRatio.reason == "the calls' open interest is not known")
    }

    @Test("with puts alone the ratio is null with its reason")
    func putsOnly() async throws {
        var text = ChainText()
        text.strikes = [("24900", #"{"putOi":650.0}"#)]
        let ratio = try await snapshot(of: text).putCallRatio(by: .openInterest)
        #expect(ratio.value == nil)
        #expect(ratio.reason == "the calls' open interest is not known")
    }

    @Test("strikes in steps of 0.9 are exact")
    func oddFractions() async throws {
        var text = ChainText()
        text.strikes = ["112.9", "113.8", "114.7"].map { ($0, ChainText.values(call: (650, 0), put: (650, 0))) }
        text.listed = "[112.9,113.8,114.7]"
        text.spot = "113.85"
        let snapshot = try await snapshot(of: text)
        #expect(snapshot.strikes.map(\.strike.description) == ["112.9", "113.8", "114.7"])
        #expect(snapshot.atTheMoney?.description == "113.8")
        #expect(snapshot.listedStrikes == 3)
    }

    @Test("an expiry that is listed and over has frozen values, which are an error")
    func deadExpiry() async throws {
        let stale = ScriptedSite.Reply.data(#"{"expiryDates":["2026-11-17","2026-11-24"]}"#)
        var text = ChainText()
        text.expiries = "[\"2026-11-17\"]"
        let site = ScriptedSite([expiryPath: [stale], chainPath: [.data(text.body)]])
        let error = try await withClient(site) { client in
            await failure { _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty)) }
        }
        #expect(error?.code == .expiryNotListed)
        #expect(error?.message.contains("its values there are frozen") == true)
    }

    @Test("values stamped the day before are stale though the response names today")
    func staleStamp() async throws {
        var text = ChainText()
        text.lastUpdated = "\"2026-11-19T15:29:59+05:30\""
        let error = try await error(of: .data(text.body))
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("frozen") == true)
    }

    @Test("values that did not change in the session have their age in the provenance")
    func standingStill() async throws {
        var text = ChainText()
        text.lastUpdated = "\"2026-11-20T09:41:59+05:30\""
        let provenance = try await snapshot(of: text).provenance
        #expect(provenance.asOf == india("2026-11-20 09:41:59"))
        #expect(provenance.delaySeconds == 3001)
    }

    @Test("a page with status 200, an empty body and {} are invalid, and the message shows what arrived")
    func noData() async throws {
        let page = try await error(of: .page("<html><h1>Live</h1>"))
        #expect(page?.code == .upstreamUnreadable)
        #expect(page?.message.contains("<h1>Live</h1>") == true)
        let empty = try await error(of: .init(body: ""))
        #expect(empty?.code == .upstreamUnreadable)
        #expect(empty?.message.contains("the response is empty") == true)
        let object = try await error(of: .init(body: "{}"))
        #expect(object?.code == .upstreamUnreadable)
        #expect(object?.message.contains("an empty JSON object") == true)
    }

    @Test("a chain without strikes is an error that says so")
    func noStrikes() async throws {
        var text = ChainText()
        text.strikes = []
        let error = try await error(of: .data(text.body))
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("it has no strikes") == true)
    }
}

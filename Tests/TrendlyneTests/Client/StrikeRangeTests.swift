import MarketData
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Wider ranges of strikes")
struct StrikeRangeTests {
    /// A response that echoes a range as text, as the site does for one that was sent.
    func response(_ from: String, _ to: String, strikes: [String]) -> ScriptedSite.Reply {
        var text = ChainText()
        text.strikeRange = "\"minStrikePrice\":\"\(from)\",\"maxStrikePrice\":\"\(to)\""
        text.strikes = strikes.map { ($0, ChainText.values(call: (650, 1300), put: (4550, 2600))) }
        return .data(text.body)
    }

    func range(_ from: Double, _ to: Double) throws -> OpenInterestRequest {
        let (from, to) = (try #require(Strike(from)), try #require(Strike(to)))
        return OpenInterestRequest(symbol: .nifty, strikes: .range(from: from, to: to))
    }

    @Test("a range is sent, its echo as text is understood, and the response covers it")
    func sent() async throws {
        let reply = response("24800", "25200", strikes: ["24800", "25000", "25200"])
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [reply]])
        let request = try range(24800, 25200)
        let snapshot = try await withClient(site) { try await $0.openInterest(request) }
        #expect(site.seen.last?.query["minStrikePrice"] == "24800")
        #expect(site.seen.last?.query["maxStrikePrice"] == "25200")
        #expect(snapshot.strikes.map(\.strike.description) == ["24800", "25000", "25200"])
        #expect(snapshot.listedStrikes == 5)
    }

    @Test("an echo of another range is an error that names both, and the next source is used")
    func ignored() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [.data(ChainText().body)]])
        let request = try range(20000, 30000)
        let error = try await withClient(site) { client in
            await failure { _ = try await client.openInterest(request) }
        }
        #expect(error?.code == .notSupported)
        #expect(error?.message.contains("23750 to 26250") == true)
        #expect(error?.message.contains("20000 to 30000") == true)
    }

    @Test("all strikes are requested by the ends of the first response's list, once a day")
    func all() async throws {
        let whole = response("24800", "25200", strikes: ["24800", "24900", "25000", "25100", "25200"])
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [.data(ChainText().body), whole]])
        let (first, second) = try await withClient(site) { client in
            let now = try await client.openInterest(OpenInterestRequest(symbol: .nifty, strikes: .all))
            let at = india("2026-11-20 10:30")
            return (now, try await client.openInterest(OpenInterestRequest(symbol: .nifty, at: at, strikes: .all)))
        }
        #expect(first.strikes.count == 5)
        #expect(first.strikes.count == first.listedStrikes)
        #expect(second.strikes.count == 5)
        #expect(site.seen.map { $0.query["minStrikePrice"] } == [nil, nil, "24800", "24800"])
    }

    @Test("where the window holds all listed strikes, no second request is sent")
    func allAtOnce() async throws {
        var text = ChainText()
        text.listed = "[24900,25000,25100]"
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [.data(text.body)]])
        let snapshot = try await withClient(site) {
            try await $0.openInterest(OpenInterestRequest(symbol: .nifty, strikes: .all))
        }
        #expect(snapshot.strikes.count == 3)
        #expect(site.paths == [expiryPath, chainPath])
    }

    @Test("where the source does not report the listed strikes, all of them are not available")
    func unknownList() async throws {
        var text = ChainText()
        text.listed = "[]"
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [.data(text.body)]])
        let error = try await withClient(site) { client in
            await failure { _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty, strikes: .all)) }
        }
        #expect(error?.code == .notSupported)
    }

    @Test("steps of 0.9 are requested and read exactly")
    func oddSteps() async throws {
        let reply = response("112.9", "114.7", strikes: ["112.9", "113.8", "114.7"])
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [reply]])
        let request = try range(112.9, 114.7)
        let snapshot = try await withClient(site) { try await $0.openInterest(request) }
        #expect(site.seen.last?.query["minStrikePrice"] == "112.9")
        #expect(snapshot.strikes.map(\.strike.description) == ["112.9", "113.8", "114.7"])
    }
}

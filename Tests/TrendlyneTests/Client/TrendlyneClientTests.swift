import HTTPTypes
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Requests to Trendlyne")
struct TrendlyneClientTests {
    let chain = ScriptedSite.Reply.data(ChainText().body)

    @Test("a request without expiry fetches the list, then the chain of the first expiry up to the minute")
    func snapshot() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [chain]])
        let snapshot = try await withClient(site) { try await $0.openInterest(OpenInterestRequest(symbol: .nifty)) }
        #expect(snapshot.expiry == day("2026-11-24"))
        #expect(snapshot.putCallRatio(by: .openInterest).value == 8450.0 / 9750)
        #expect(site.paths == [expiryPath, chainPath])
        #expect(site.seen[0].query == ["mtype": "options", "stock_id": "1887", "format": "json"])
        let expected = [
            "stockId": "1887", "expDateList": "2026-11-24", "minTime": "09:15", "maxTime": "10:32", "format": "json",
        ]
        #expect(site.seen[1].query == expected)
        let headers = site.seen[1].headers
        #expect(headers[.accept]?.hasPrefix("application/json") == true)
        #expect(headers[.userAgent] == TrendlyneConfiguration.usualUserAgent)
        #expect(headers[.referer] == "https://smartoptions.trendlyne.com/")
    }

    @Test("the same request of the same minute, and the list of expiries, are not sent twice")
    func storage() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [chain]])
        let (left, first, second) = try await withClient(site) { client in
            let first = try await client.openInterest(OpenInterestRequest(symbol: .nifty))
            let second = try await client.openInterest(OpenInterestRequest(symbol: .nifty))
            _ = try await client.expiries(of: .nifty)
            return (client.requestsLeft, first, second)
        }
        #expect(site.paths == [expiryPath, chainPath])
        #expect(left == 398)
        #expect(first == second)
    }

    @Test("the expiries come from the other endpoint when the first is invalid")
    func fallback() async throws {
        let other = ScriptedSite.Reply.data(#"{"data":{"all_exp_list":["2026-12-29","2026-11-24"]}}"#)
        for first in [
            ScriptedSite.Reply.data("{}"), .data(#"{"expiryDates":[]}"#), .init(status: 404, body: ""), .init(body: ""),
        ] {
            let site = ScriptedSite([expiryPath: [first], otherExpiryPath: [other]])
            let list = try await withClient(site) { try await $0.expiries(of: .nifty) }
            #expect(list.expiries == [day("2026-11-24"), day("2026-12-29")])
            #expect(list.standard == day("2026-11-24"))
            #expect(list.provenance.source == .trendlyne)
        }
    }

    @Test("a stock is found by its exact code and requested by its number, once")
    func stock() async throws {
        let hits = ScriptedSite.Reply.data(
            #"{"data":[{"stock_id":11,"stock_code":"ABCD"},{"stock_id":12,"stock_code":"abc"}]}"#)
        let site = ScriptedSite([searchPath: [hits], expiryPath: [listedExpiries], chainPath: [chain]])
        let stock = Symbol(exchange: "NSE", ticker: "ABC")
        let snapshot = try await withClient(site) { try await $0.openInterest(OpenInterestRequest(symbol: stock)) }
        #expect(snapshot.symbol == stock)
        #expect(site.paths == [searchPath, expiryPath, chainPath])
        #expect(site.seen[0].query["query"] == "abc")
        #expect(site.seen[2].query["stockId"] == "12")
    }

    @Test("an unknown code is not found, and similar codes are suggested")
    func unknown() async throws {
        let hits = ScriptedSite.Reply.data(#"{"data":[{"stock_id":11,"stock_code":"ABCD"}]}"#)
        let site = ScriptedSite([searchPath: [hits]])
        let error = try await withClient(site) { client in
            await failure { _ = try await client.expiries(of: Symbol(exchange: "NSE", ticker: "ABC")) }
        }
        #expect(error?.code == .symbolNotFound)
        #expect(error?.suggestions == ["NSE:ABCD"])
    }

    @Test("a stock without expiries in both places is not supported")
    func withoutOptions() async throws {
        let site = ScriptedSite([
            searchPath: [.data(#"{"data":[{"stock_id":11,"stock_code":"ABC"}]}"#)],
            expiryPath: [.data(#"{"expiryDates":[]}"#)], otherExpiryPath: [.data(#"{"data":{"all_exp_list":[]}}"#)],
        ])
        let error = try await withClient(site) { client in
            await failure { _ = try await client.expiries(of: Symbol(exchange: "NSE", ticker: "ABC")) }
        }
        #expect(error?.code == .notSupported)
    }

    @Test("instruments without options at Trendlyne, and history, are rejected without a request")
    func notRequested() async throws {
        let site = ScriptedSite([:])
        let errors = try await withClient(site) { client in
            let sensex = Symbol(exchange: "BSE", ticker: "SENSEX")
            let range = TimeRange(from: india("2026-11-20 09:15"), to: india("2026-11-20 15:30"))
            return [
                await failure { _ = try await client.openInterest(OpenInterestRequest(symbol: sensex)) },
                await failure { _ = try await client.openInterestHistory(of: .nifty, expiry: nil, within: range) },
            ]
        }
        #expect(errors.map { $0?.code } == [.notSupported, .notSupported])
        #expect(site.paths == [])
    }

    @Test("an unlisted expiry is rejected before its empty chain is requested")
    func unlistedExpiry() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries]])
        let error = try await withClient(site) { client in
            await failure {
                _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty, expiry: day("2026-11-17")))
            }
        }
        #expect(error?.code == .expiryNotListed)
        #expect(error?.suggestions == ["2026-11-24", "2026-12-01", "2026-12-29"])
        #expect(site.paths == [expiryPath])
    }

    @Test("an empty body for a listed expiry is an error with a reason")
    func emptyChain() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [.data("{}")]])
        let error = try await withClient(site) { client in
            await failure { _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty)) }
        }
        #expect(error?.code == .expiryNotListed)
    }

    @Test("values stamped after the requested time lead to one more request, five minutes earlier")
    func oneStepEarlier() async throws {
        var late = ChainText()
        late.lastUpdated = "\"2026-11-20T10:34:59+05:30\""
        var early = ChainText()
        early.maxTime = "\"10:25\""
        let site = ScriptedSite([
            expiryPath: [listedExpiries], chainPath: [.data(late.body), .data(early.body)],
        ])
        let snapshot = try await withClient(site, at: "2026-11-20 14:00") { client in
            try await client.openInterest(OpenInterestRequest(symbol: .nifty, at: india("2026-11-20 10:30")))
        }
        #expect(site.seen.compactMap { $0.query["maxTime"] } == ["10:30", "10:25"])
        #expect(snapshot.provenance.asOf == india("2026-11-20 10:29:59"))
    }

    @Test("a body with a contradiction is invalid, and the message names strike and field")
    func contradiction() async throws {
        var text = ChainText()
        text.strikes = [("25000", #"{"callOi":10.0,"callPrevOi":1.0,"callOiChange":1.0}"#)]
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [.data(text.body)]])
        let error = try await withClient(site) { client in
            await failure { _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty)) }
        }
        #expect(error?.code == .upstreamUnreadable)
        #expect(error?.source == .trendlyne)
        #expect(error?.message.contains("body.oiData.25000.callOi") == true)
    }

    @Test("redirects are followed")
    func redirects() async throws {
        let redirect = ScriptedSite.Reply(
            status: 301, headers: ["Location": "/phoenix/api/moved/?format=json"], body: "")
        let site = ScriptedSite([expiryPath: [redirect], "moved/": [listedExpiries]])
        let list = try await withClient(site) { try await $0.expiries(of: .nifty) }
        #expect(list.expiries.count == 3)
    }

    @Test("concurrent requests are sent one at a time, and equal ones once")
    func oneAtATime() async throws {
        let hits = ScriptedSite.Reply.data(
            #"{"data":[{"stock_id":11,"stock_code":"AAA"},{"stock_id":12,"stock_code":"BBB"}]}"#)
        let site = ScriptedSite([searchPath: [hits], expiryPath: [listedExpiries], chainPath: [chain]])
        try await withClient(site) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for ticker in ["AAA", "BBB", "NIFTY", "AAA", "BBB", "NIFTY"] {
                    group.addTask {
                        let symbol = Symbol(exchange: "NSE", ticker: ticker)
                        _ = try await client.openInterest(OpenInterestRequest(symbol: symbol))
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(site.mostOpen == 1)
        #expect(site.paths.count == 8)
    }
}

import MarketData
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Requests for chains and single contracts")
struct ContractRequestTests {
    let pricedPath = "fno/option/chain/"
    let interval = #"{"interval":"09:15 TO 09:20","close_price":101.5,"oi":6500.0,"oi_change_gross":65.0}"#

    func option(_ strike: Double, _ type: OptionType, expiry: String? = nil) throws -> ContractHistoryRequest {
        let strike = try #require(Strike(strike))
        return ContractHistoryRequest(underlying: .nifty, expiry: expiry.map(day), kind: .option(strike, type))
    }

    @Test("a chain is requested by code and date, and the same request is not sent again")
    func chain() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries], pricedPath: [.data(PricedChainText().body)]])
        let (first, second) = try await withClient(site) { client in
            (
                try await client.optionChain(of: .nifty, expiry: nil),
                try await client.optionChain(of: .nifty, expiry: day("2026-11-24"))
            )
        }
        #expect(first == second)
        #expect(first.snapshot.expiry == day("2026-11-24"))
        #expect(site.paths == [expiryPath, pricedPath])
        let query = ["stockCode": "NIFTY", "expDate": "2026-11-24", "format": "json"]
        #expect(site.seen.last?.query == query)
    }

    @Test("a chain of a stock is requested by the code that the search found")
    func stockChain() async throws {
        let hits = #"{"data":[{"stock_id":9,"stock_code":"M&MFIN"},{"stock_id":11,"stock_code":"M&M"}]}"#
        let site = ScriptedSite([
            searchPath: [.data(hits)], expiryPath: [listedExpiries], pricedPath: [.data(PricedChainText().body)],
        ])
        _ = try await withClient(site) { client in
            try await client.optionChain(of: Symbol(exchange: "NSE", ticker: "M_M"), expiry: nil)
        }
        #expect(site.seen.last?.query["stockCode"] == "M&M")
    }

    @Test("the chain of an unlisted expiry is not requested")
    func unlisted() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries]])
        let error = try await withClient(site) { client in
            await failure { _ = try await client.optionChain(of: .nifty, expiry: day("2026-11-17")) }
        }
        #expect(error?.code == .expiryNotListed)
        #expect(site.paths == [expiryPath])
    }

    @Test("an empty chain, a frozen one, a page, an empty body and {} have their own errors")
    func failures() async throws {
        var frozen = PricedChainText()
        frozen.strikes = [("25000", .frozen, .frozen)]
        let replies: [(ScriptedSite.Reply, MarketDataError.Code)] = [
            (.data("{}"), .expiryNotListed),
            (.data(#"{"tableHeaders":[{"unique_name":"strike_price"}],"tableData":[]}"#), .upstreamUnreadable),
            (.data(frozen.body), .noDataForTime), (.page("<html>Chain"), .upstreamUnreadable),
            (.init(body: ""), .upstreamUnreadable), (.init(body: "{}"), .upstreamUnreadable),
            (.page("<html>solve this captcha"), .throttled),
        ]
        for (reply, code) in replies {
            let site = ScriptedSite([expiryPath: [listedExpiries], pricedPath: [reply]])
            let error = try await withClient(site) { client in
                await failure { _ = try await client.optionChain(of: .nifty, expiry: nil) }
            }
            #expect(error?.code == code)
            #expect(error?.source == .trendlyne)
        }
    }

    @Test("an option is requested by rank, date, code, strike and side")
    func history() async throws {
        let path = "fno/buildup-5/01-dec-2026-next/NIFTY/"
        let site = ScriptedSite([expiryPath: [listedExpiries], path: [.data(#"{"data_v2":[\#(interval)]}"#)]])
        let request = try option(25000, .put, expiry: "2026-12-01")
        let history = try await withClient(site) { try await $0.contractHistory(request) }
        let query = ["fno_mtype": "options", "strikePrice": "25000", "option_type": "put", "format": "json"]
        #expect(site.seen.last?.query == query)
        #expect(site.seen.first?.query["mtype"] == "options")
        #expect(history.contract.expiry == day("2026-12-01"))
        #expect(history.points.map(\.openInterest) == [6500])
    }

    @Test("a future is requested among the expiries of futures, in 15 minutes where requested")
    func future() async throws {
        let path = "fno/buildup-15/29-dec-2026-near/NIFTY/"
        let futures = ScriptedSite.Reply.data(#"{"expiryDates":["2026-12-29"],"default_expiry_date":"2026-12-29"}"#)
        let site = ScriptedSite([expiryPath: [futures], path: [.data(#"{"data_v2":[\#(interval)]}"#)]])
        var request = ContractHistoryRequest(underlying: .nifty, kind: .future)
        request.interval = try Interval("15m")
        let history = try await withClient(site) { [request] in try await $0.contractHistory(request) }
        #expect(site.seen.first?.query["mtype"] == "futures")
        #expect(site.seen.last?.query == ["fno_mtype": "futures", "format": "json"])
        #expect(history.provenance.feed == "fno/buildup-15")
    }

    @Test("odd fractions of a strike are sent exactly")
    func oddStrike() async throws {
        let path = "fno/buildup-5/24-nov-2026-near/NIFTY/"
        let site = ScriptedSite([expiryPath: [listedExpiries], path: [.data(#"{"data_v2":[\#(interval)]}"#)]])
        let request = try option(112.9, .call)
        _ = try await withClient(site) { try await $0.contractHistory(request) }
        #expect(site.seen.last?.query["strikePrice"] == "112.9")
    }

    @Test("an unsupported interval is rejected without a request")
    func interval() async throws {
        let site = ScriptedSite([:])
        var request = try option(25000, .call)
        request.interval = .oneHour
        let error = try await withClient(site) { [request] client in
            await failure { _ = try await client.contractHistory(request) }
        }
        #expect(error?.code == .unknownInterval)
        #expect(site.paths == [])
    }

    @Test("a contract without any interval, and an unlisted expiry, have their own codes")
    func nothing() async throws {
        let path = "fno/buildup-5/24-nov-2026-near/NIFTY/"
        let site = ScriptedSite([expiryPath: [listedExpiries], path: [.data(#"{"data_v2":[]}"#)]])
        let (empty, dead) = (try option(99, .call), try option(25000, .call, expiry: "2026-11-17"))
        let errors = try await withClient(site) { client in
            [
                await failure { _ = try await client.contractHistory(empty) },
                await failure { _ = try await client.contractHistory(dead) },
            ]
        }
        #expect(errors.map { $0?.code } == [.noDataForTime, .expiryNotListed])
    }
}

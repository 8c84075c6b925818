import HTTPTypes
import MarketData
import TestSupport
import Testing

@testable import NSE

@Suite("Requests to NSE")
struct NSEClientTests {
    let newest = ScriptedSite.Reply(body: ChainText().nextAPI)

    @Test("a first request opens the page, fetches the list and then the chain of the nearest expiry")
    func snapshot() async throws {
        let site = ScriptedSite([page: [withCookies], dropdown: [listed], newestChain: [newest]])
        let snapshot = try await withClient(site) { try await fetch($0) }
        #expect(snapshot.expiry == expiry)
        #expect(snapshot.unit == .shares)
        // The list is over all expiries.
        #expect(snapshot.listedStrikes == nil)
        #expect(snapshot.provenance.source == .nse)
        #expect(snapshot.provenance.feed == "NextApi getOptionChainData")
        #expect(site.places == [page, dropdown, newestChain])
        #expect(
            site.seen[2].address == "/api/NextApi/apiClient/GetQuoteApi?functionName=getOptionChainData&symbol=NIFTY"
                + "&params=expiryDate=24-Nov-2026")
    }

    @Test("the page is opened like a person's visit, and requests look like its script's, with its cookies")
    func headers() async throws {
        let site = ScriptedSite([page: [withCookies], dropdown: [listed]])
        _ = try await withClient(site) { try await $0.expiries(of: .nifty) }
        let opened = site.seen[0].headers
        let requested = site.seen[1].headers
        func value(_ name: String, in headers: HTTPFields) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
        #expect(opened[.userAgent] == Browser().userAgent)
        #expect(value("Sec-Fetch-Mode", in: opened) == "navigate")
        #expect(value("Upgrade-Insecure-Requests", in: opened) == "1")
        #expect(opened[.cookie] == nil)
        #expect(requested[.userAgent] == Browser().userAgent)
        #expect(requested[.accept] == "*/*")
        #expect(requested[.referer] == "https://www.nseindia.com/option-chain")
        #expect(value("X-Requested-With", in: requested) == "XMLHttpRequest")
        #expect(value("Sec-Fetch-Site", in: requested) == "same-origin")
        #expect(value("sec-ch-ua-mobile", in: requested) == "?0")
        #expect(requested[.cookie] == "bm_sv=b; nsit=a")
    }

    @Test("the next generation is used where one fails, and the feed names it")
    func generations() async throws {
        let site = ScriptedSite([
            page: [withCookies], dropdown: [listed], newestChain: [.init(body: "{}")],
            versionThree: [.init(body: ChainText().versionThree)],
        ])
        let snapshot = try await withClient(site) { try await fetch($0) }
        #expect(snapshot.provenance.feed == "option-chain-v3")
        #expect(site.places == [page, dropdown, newestChain, versionThree])
        #expect(site.seen[3].address == "/api/option-chain-v3?type=Indices&symbol=NIFTY&expiry=24-Nov-2026")
    }

    @Test("the legacy address is the last resort, and one that is gone is not used again within the hour")
    func legacy() async throws {
        let site = ScriptedSite([
            page: [withCookies], dropdown: [listed], versionThree: [.init(body: "{\"records\":null}")],
            legacyIndices: [.init(body: ChainText().legacy)],
        ])
        let feeds = try await withClient(site) { client in
            let first = try await fetch(client)
            let later = OpenInterestRequest(symbol: .nifty, expiry: day("2026-12-01"))
            let error = await failure { _ = try await client.openInterest(later) }
            return [first.provenance.feed, error?.code.rawValue]
        }
        #expect(feeds == ["option-chain", "upstream_unreadable"])
        #expect(
            site.places == [
                page, dropdown, newestChain, versionThree, legacyIndices, versionThree, legacyIndices,
            ])
    }

    @Test("when every generation fails, the error has the reason of each")
    func allFail() async throws {
        let site = ScriptedSite([
            page: [withCookies], dropdown: [listed], newestChain: [.page("<html>wait")],
            versionThree: [.init(body: "{}")],
        ])
        let error = try await withClient(site) { client in await failure { _ = try await fetch(client) } }
        #expect(error?.code == .upstreamUnreadable)
        #expect(error?.source == .nse)
        for words in ["found a web page", "empty JSON object", "the address is gone (status 404)"] {
            #expect(error?.message.contains(words) == true)
        }
    }

    @Test("the expiries come from the older address when the newest is invalid")
    func contractInfoFallback() async throws {
        let useless: [ScriptedSite.Reply] = [
            .init(body: "{}"), .init(body: "null"), .init(body: ""), .page("<html>"), .page("<html>", status: 404),
            .init(body: #"{"expiryDates":[]}"#), .init(body: #"{"error":"x"}"#),
        ]
        for first in useless {
            let site = ScriptedSite([page: [withCookies], dropdown: [first], contractInfo: [listed]])
            let list = try await withClient(site) { try await $0.expiries(of: .nifty) }
            #expect(list.expiries.count == 3)
            #expect(list.standard == expiry)
            #expect(site.places == [page, dropdown, contractInfo])
        }
    }

    @Test("an underlying without expiries in both places has no options")
    func withoutOptions() async throws {
        let none = ScriptedSite.Reply(body: #"{"expiryDates":[],"strikePrice":[]}"#)
        let site = ScriptedSite([page: [withCookies], dropdown: [none], contractInfo: [none]])
        let error = try await withClient(site) { client in
            await failure { _ = try await client.expiries(of: Symbol(exchange: "NSE", ticker: "ABC")) }
        }
        #expect(error?.code == .notSupported)
    }

    @Test("a chart's M_M is requested as M&M, and BAJAJ_AUTO in the end as BAJAJ-AUTO")
    func spellings() async throws {
        let none = ScriptedSite.Reply(body: #"{"expiryDates":[]}"#)
        let site = ScriptedSite([page: [withCookies], dropdown: [listed, none, listed], contractInfo: [none]])
        try await withClient(site) { client in
            _ = try await client.expiries(of: Symbol(exchange: "NSE", ticker: "M_M"))
            _ = try await client.expiries(of: Symbol(exchange: "NSE", ticker: "BAJAJ_AUTO"))
        }
        let symbols = site.seen.map { $0.address.split(separator: "symbol=").last.map(String.init) ?? "" }
        #expect(symbols.dropFirst() == ["M%26M", "BAJAJ%26AUTO", "BAJAJ%26AUTO", "BAJAJ-AUTO"])
    }

    @Test("the same request, and the list of expiries, are not sent twice")
    func storage() async throws {
        let site = ScriptedSite([page: [withCookies], dropdown: [listed], newestChain: [newest]])
        let (first, second) = try await withClient(site) { client in
            let first = try await fetch(client)
            _ = try await client.expiries(of: .nifty)
            return (first, try await fetch(client))
        }
        #expect(first == second)
        #expect(site.places == [page, dropdown, newestChain])
    }

    @Test("a future time, a future, BSE and instruments without options are rejected without a request")
    func notRequested() async throws {
        let site = ScriptedSite([:])
        let codes = try await withClient(site) { client in
            var codes: [MarketDataError.Code?] = []
            for text in ["BSE:SENSEX", "NSE:NIFTY1!", "NSE:INDIAVIX"] {
                codes.append(await failure { _ = try await client.expiries(of: Symbol(text)) }?.code)
            }
            let future = OpenInterestRequest(symbol: .nifty, at: india("2026-11-20 11:00"))
            codes.append(await failure { _ = try await client.openInterest(future) }?.code)
            return codes
        }
        #expect(codes == [.notSupported, .notSupported, .notSupported, .noDataForTime])
        #expect(site.places == [])
    }

    @Test("an unlisted expiry is rejected before its chain is requested")
    func unlistedExpiry() async throws {
        let site = ScriptedSite([page: [withCookies], dropdown: [listed]])
        let error = try await withClient(site) { client in
            await failure {
                _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty, expiry: day("2026-11-17")))
            }
        }
        #expect(error?.code == .expiryNotListed)
        #expect(error?.suggestions == ["2026-11-24", "2026-12-01", "2026-12-29"])
        #expect(site.places == [page, dropdown])
    }

    @Test("an expiry that ended yesterday and is still listed is skipped")
    func deadExpiry() async throws {
        var text = ChainText()
        text.timestamp = "25-Nov-2026 10:30:00"
        for index in text.rows.indices { text.rows[index].expiry = "01-Dec-2026" }
        let site = ScriptedSite([
            page: [withCookies], dropdown: [listed], versionThree: [.init(body: text.versionThree)],
        ])
        let snapshot = try await withClient(site, at: "2026-11-25 10:32") { try await fetch($0) }
        #expect(snapshot.expiry == day("2026-12-01"))
    }

    @Test("concurrent requests are sent one at a time, and equal ones once")
    func oneAtATime() async throws {
        let site = ScriptedSite([page: [withCookies], dropdown: [listed], newestChain: [newest]])
        try await withClient(site) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { _ = try await fetch(client) } }
                try await group.waitForAll()
            }
        }
        #expect(site.mostOpen == 1)
        #expect(site.places == [page, dropdown, newestChain])
    }
}

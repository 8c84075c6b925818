import AsyncHTTPClient
import HTTPTypes
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import NSE

@Suite("Refusals and failures of NSE")
struct RefusalTests {
    let refusal = ScriptedSite.Reply.page("<html>Access Denied", status: 403)

    /// The errors of two requests for the expiries.
    func fetchedTwice(_ site: ScriptedSite) async throws -> [MarketDataError?] {
        try await withClient(site) { client in
            let first = await failure { _ = try await client.expiries(of: .nifty) }
            return [first, await failure { _ = try await client.expiries(of: .nifty) }]
        }
    }

    @Test(
        "401 and 403 open the page again and repeat the request once, with the new cookies only", arguments: [401, 403])
    func warmOnce(status: Int) async throws {
        let site = ScriptedSite([
            page: [withCookies, .page("<html>", cookies: ["nsit=new"])],
            dropdown: [.page("<html>", status: status), listed],
        ])
        let list = try await withClient(site) { try await $0.expiries(of: .nifty) }
        #expect(list.expiries.count == 3)
        #expect(site.places == [page, dropdown, page, dropdown])
        #expect(site.seen[3].headers[.cookie] == "nsit=new")
    }

    @Test("a second 403 is a refusal of the whole site: no other address is tried, and the next request waits")
    func refused() async throws {
        let site = ScriptedSite([page: [withCookies], dropdown: [refusal], contractInfo: [listed]])
        let errors = try await fetchedTwice(site)
        #expect(errors.map { $0?.code } == [.throttled, .throttled])
        #expect(errors.map { $0?.recovery } == [.retry(afterSeconds: 120), .retry(afterSeconds: 120)])
        #expect(errors[0]?.message.contains("bot guard refused us") == true)
        #expect(errors[1]?.message.contains("120 s") == true)
        #expect(site.places == [page, dropdown, page, dropdown])
    }

    @Test("a refusal among the generations ends the attempts and gives the error its code")
    func refusedLater() async throws {
        let site = ScriptedSite([
            page: [withCookies], dropdown: [listed], newestChain: [.init(body: "{}")], versionThree: [refusal],
        ])
        let error = try await withClient(site) { client in await failure { _ = try await fetch(client) } }
        #expect(error?.code == .throttled)
        #expect(error?.recovery == .retry(afterSeconds: 120))
        #expect(error?.message.contains("empty JSON object") == true)
        #expect(site.places == [page, dropdown, newestChain, versionThree, page, versionThree])
    }

    @Test("a refused page does not prevent requests")
    func pageRefused() async throws {
        let site = ScriptedSite([
            page: [.page("<html>", status: 403, cookies: ["ak_bmsc=x"])], dropdown: [listed],
        ])
        let list = try await withClient(site) { try await $0.expiries(of: .nifty) }
        #expect(list.expiries.count == 3)
        #expect(site.seen[1].headers[.cookie] == "ak_bmsc=x")
    }

    @Test("429 starts a cooldown of its Retry-After, without trying other addresses")
    func tooMany() async throws {
        let many = ScriptedSite.Reply(status: 429, headers: [("Retry-After", "77")], body: "")
        let site = ScriptedSite([page: [withCookies], dropdown: [many], contractInfo: [listed]])
        let errors = try await fetchedTwice(site)
        #expect(errors.map { $0?.code } == [.throttled, .throttled])
        #expect(errors[1]?.recovery == .retry(afterSeconds: 77))
        #expect(site.places == [page, dropdown])
    }

    @Test("five failures in a row open the circuit, and the next request fails without being sent")
    func circuit() async throws {
        let busy = ScriptedSite.Reply(status: 503, body: "busy")
        let site = ScriptedSite([page: [withCookies], dropdown: [busy], contractInfo: [busy]])
        let errors = try await withClient(site) { client in
            var errors: [MarketDataError?] = []
            for _ in 0..<4 { errors.append(await failure { _ = try await client.expiries(of: .nifty) }) }
            return errors
        }
        #expect(errors.allSatisfy { $0?.code == .upstreamUnavailable })
        #expect(errors[0]?.message.contains("status 503") == true)
        #expect(errors[3]?.recovery == .retry(afterSeconds: 120))
        #expect(site.places.filter { $0 != page }.count == 5)
    }

    @Test("a wait longer than the time left is throttled instead")
    func gap() async throws {
        let site = ScriptedSite([page: [withCookies], dropdown: [listed]])
        let error = try await withClient(site, timeout: .seconds(5), rateLimit: .nse.with(gap: .seconds(60))) {
            client in
            await failure { _ = try await client.expiries(of: .nifty) }
        }
        #expect(error?.code == .throttled)
        #expect(site.places == [page])
    }

    @Test("a missing response is a timeout for its request and for those that wait behind it")
    func silence() async throws {
        let site = ScriptedSite([page: [withCookies], dropdown: [.silence]])
        let start = ContinuousClock.now
        let errors = try await withClient(site, timeout: .milliseconds(300)) { client in
            async let first = failure { _ = try await client.expiries(of: .nifty) }
            async let second = failure { _ = try await client.expiries(of: .nifty) }
            return await [first, second]
        }
        #expect(errors.allSatisfy { $0?.code == .upstreamTimeout })
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("a site that does not exist is unavailable at once, with host and reason")
    func notThere() async throws {
        // The port of a site that has just gone.
        let address = try await ScriptedSite([:]).run { address, _ in address }
        let httpClient = HTTPClient(configuration: NSEClient.httpConfiguration)
        let client = NSEClient(
            configuration: NSEConfiguration(baseURL: address), httpClient: httpClient, logger: .quiet)
        let error = await failure { _ = try await client.expiries(of: .nifty) }
        try await httpClient.shutdown()
        #expect(error?.code == .upstreamUnavailable)
        #expect(error?.message == "NSE (127.0.0.1) cannot be reached: the connection was refused")
    }

    @Test("a cancelled request leaves its turn to the next")
    func cancelled() async throws {
        let site = ScriptedSite([page: [withCookies], dropdown: [.silence, listed]])
        let list = try await withClient(site) { client in
            let given = Task { try await client.expiries(of: .nifty) }
            let deadline = ContinuousClock.now + .seconds(8)
            while site.places.count < 2, ContinuousClock.now < deadline { await Task.yield() }
            given.cancel()
            await #expect(throws: CancellationError.self) { try await given.value }
            return try await client.expiries(of: .nifty)
        }
        #expect(list.expiries.count == 3)
    }
}

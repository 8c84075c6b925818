import AsyncHTTPClient
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Refusals and failures of Trendlyne")
struct RefusalTests {
    /// The errors of two requests, and how many reached the site.
    func fetchedTwice(_ reply: ScriptedSite.Reply) async throws -> (
        first: MarketDataError?, second: MarketDataError?, requested: Int
    ) {
        let site = ScriptedSite([expiryPath: [reply], otherExpiryPath: [reply]])
        let (first, second) = try await withClient(site) { client in
            let first = await failure { _ = try await client.expiries(of: .nifty) }
            let second = await failure { _ = try await client.expiries(of: .nifty) }
            return (first, second)
        }
        return (first, second, site.paths.count)
    }

    @Test("403, 405 and a captcha stop the source, and the next request is throttled without being sent")
    func refused() async throws {
        for reply in [
            ScriptedSite.Reply.page("<html>no", status: 403), .page("<html>no", status: 405),
            .page("<html>please solve this CAPTCHA"),
        ] {
            let (first, second, requested) = try await fetchedTwice(reply)
            #expect(first?.code == .throttled)
            #expect(first?.recovery == .retry(afterSeconds: 1800))
            #expect(second?.code == .throttled)
            #expect(second?.recovery == .retry(afterSeconds: 1800))
            #expect(requested == 1)
        }
    }

    @Test("a page instead of data is invalid, with its first bytes, and stops the source")
    func page() async throws {
        let (first, second, requested) = try await fetchedTwice(.page("<html><h1>Live Oi Data</h1>"))
        #expect(first?.code == .upstreamUnreadable)
        #expect(first?.message.contains("content type text/html") == true)
        #expect(first?.message.contains("<h1>Live Oi Data</h1>") == true)
        #expect(second?.code == .throttled)
        #expect(requested == 1)
    }

    @Test("429 starts a cooldown of its Retry-After")
    func tooMany() async throws {
        let (first, second, requested) = try await fetchedTwice(
            .init(status: 429, headers: ["Retry-After": "77"], body: ""))
        #expect(first?.code == .throttled)
        #expect(second?.recovery == .retry(afterSeconds: 77))
        #expect(requested == 1)
    }

    @Test("a session refused in the head is throttled")
    func headIsText() async throws {
        let (first, _, requested) = try await fetchedTwice(.init(body: #"{"head":"Invalid token","body":{}}"#))
        #expect(first?.code == .throttled)
        #expect(first?.message.contains("Invalid token") == true)
        #expect(requested == 1)
    }

    @Test("503 makes the source unavailable, and the next request fails without being sent")
    func down() async throws {
        let (first, second, requested) = try await fetchedTwice(.init(status: 503, body: "busy"))
        #expect(first?.code == .upstreamUnavailable)
        #expect(second?.code == .upstreamUnavailable)
        #expect(second?.recovery == .retry(afterSeconds: 2))
        #expect(requested == 1)
    }

    @Test("an empty body and {} are invalid", arguments: ["", "{}"])
    func empty(body: String) async throws {
        let (first, _, _) = try await fetchedTwice(.init(body: body))
        #expect(first?.code == .upstreamUnreadable)
    }

    @Test("the day's quota is honoured")
    func budget() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries], chainPath: [.data(ChainText().body)]])
        let rateLimit = RateLimit(gap: .zero, dailyQuota: 1)
        let error = try await withClient(site, rateLimit: rateLimit) { client in
            await failure { _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty)) }
        }
        #expect(error?.code == .throttled)
        #expect(error?.message.contains("quota of 1") == true)
        #expect(site.paths == [expiryPath])
    }

    @Test("a wait longer than the time left is throttled instead")
    func gap() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries]])
        let error = try await withClient(site, timeout: .seconds(5), rateLimit: RateLimit(gap: .seconds(60))) {
            client in
            await failure { _ = try await client.openInterest(OpenInterestRequest(symbol: .nifty)) }
        }
        #expect(error?.code == .throttled)
        #expect(site.paths == [expiryPath])
    }

    @Test("a missing response is a timeout for its request and for those that wait behind it")
    func silence() async throws {
        let site = ScriptedSite([expiryPath: [.silence]])
        let start = ContinuousClock.now
        let errors = try await withClient(site, timeout: .milliseconds(300)) { client in
            async let first = failure { _ = try await client.expiries(of: .nifty) }
            async let second = failure { _ = try await client.expiries(of: .nifty) }
            return await [first, second]
        }
        // A waiting request may get its turn just before its deadline, and then finds that the site is down.
        #expect(errors.contains { $0?.code == .upstreamTimeout })
        #expect(errors.allSatisfy { $0?.code == .upstreamTimeout || $0?.code == .upstreamUnavailable })
        #expect(errors.allSatisfy { $0?.message.contains("127.0.0.1") == true })
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("a site that does not exist is unavailable at once, with host and reason")
    func notThere() async throws {
        // The port of a site that has just gone.
        let address = try await ScriptedSite([:]).run { address, _ in address }
        let httpClient = HTTPClient(configuration: TrendlyneClient.httpConfiguration)
        let client = TrendlyneClient(
            configuration: TrendlyneConfiguration(baseURL: address), httpClient: httpClient, logger: .quiet
        )
        let error = await failure { _ = try await client.expiries(of: .nifty) }
        try await httpClient.shutdown()
        #expect(error?.code == .upstreamUnavailable)
        #expect(error?.message == "Trendlyne (127.0.0.1) cannot be reached: the connection was refused")
    }

    @Test("a cancelled request leaves its turn to the next")
    func cancelled() async throws {
        let site = ScriptedSite([expiryPath: [.silence, listedExpiries]])
        let list = try await withClient(site) { client in
            let given = Task { try await client.expiries(of: .nifty) }
            while site.paths.isEmpty { await Task.yield() }
            given.cancel()
            await #expect(throws: CancellationError.self) { try await given.value }
            return try await client.expiries(of: .nifty)
        }
        #expect(list.expiries.count == 3)
    }
}

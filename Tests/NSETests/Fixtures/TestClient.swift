import AsyncHTTPClient
import Logging
import MarketData
import SourceHTTP
import TestSupport

@testable import NSE

let page = "/option-chain"
let dropdown = "getOptionChainDropdown"
let contractInfo = "/api/option-chain-contract-info"
let newestChain = "getOptionChainData"
let versionThree = "/api/option-chain-v3"
let legacyIndices = "/api/option-chain-indices"

let withCookies = ScriptedSite.Reply.page("<html>", cookies: ["nsit=a; Path=/; Secure", "bm_sv=b; Max-Age=7200"])
let listed = ScriptedSite.Reply(
    body:
        #"{"expiryDates":["24-Nov-2026","01-Dec-2026","29-Dec-2026"],"strikePrice":["24800","24900","25000","25100"]}"#
)

/// Runs a body with a client of the site, without gaps between requests unless said otherwise.
func withClient<Result: Sendable>(
    _ site: ScriptedSite,
    at now: String = "2026-11-20 10:32",
    timeout: Duration = .seconds(10),
    rateLimit: RateLimit = .withoutGaps,
    _ body: @Sendable (NSEClient) async throws -> Result
) async throws -> Result {
    let present = india(now)
    return try await site.run { address, httpClient in
        let configuration = NSEConfiguration(
            baseURL: address, archivesURL: address, timeout: timeout, rateLimit: rateLimit)
        return try await body(
            NSEClient(configuration: configuration, httpClient: httpClient, logger: .quiet, now: { present }))
    }
}

/// The market-data error that a body throws.
func failure(_ body: () async throws -> Void) async -> MarketDataError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? MarketDataError
    }
}

/// The open interest of NIFTY's nearest expiry.
func fetch(_ client: NSEClient) async throws -> OpenInterestSnapshot {
    try await client.openInterest(OpenInterestRequest(symbol: .nifty))
}

extension RateLimit {
    /// That of NSE, without the waiting.
    static let withoutGaps = RateLimit.nse.with(gap: .zero)

    func with(gap: Duration) -> RateLimit {
        var rateLimit = self
        rateLimit.gap = gap
        return rateLimit
    }
}

import AsyncHTTPClient
import Logging
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import Trendlyne

/// The usual rate limit, without the gap between requests.
let withoutGap = RateLimit(gap: .zero, dailyQuota: 400)

let expiryPath = "fno/get-expiry-dates/"
let otherExpiryPath = "search-contract-expiry-dates/"
let chainPath = "live-oi-data/"
let searchPath = "search-contract-stock/"

let listedExpiries = ScriptedSite.Reply.data(
    #"{"expiryDates":["2026-11-24","2026-12-01","2026-12-29"],"default_expiry_date":"2026-11-24","exchange":"NSE"}"#
)

/// Runs a body with a client of the site, without gaps between requests unless said otherwise.
func withClient<Result: Sendable>(
    _ site: ScriptedSite,
    at now: String = "2026-11-20 10:32",
    timeout: Duration = .seconds(10),
    rateLimit: RateLimit = withoutGap,
    _ body: @Sendable (TrendlyneClient) async throws -> Result
) async throws -> Result {
    let present = india(now)
    return try await site.run { address, httpClient in
        let configuration = TrendlyneConfiguration(baseURL: address, timeout: timeout, rateLimit: rateLimit)
        return try await body(
            TrendlyneClient(
                configuration: configuration, httpClient: httpClient, logger: .quiet, now: { present })
        )
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

import AsyncHTTPClient
import Foundation
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import Trendlyne

@Suite("What survives a restart")
struct MemoryTests {
    /// Runs clients over one folder, as processes would one after the other.
    func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bhav-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    func withClient<Result: Sendable>(
        _ site: ScriptedSite, in folder: String, at now: String, rateLimit: RateLimit = withoutGap,
        _ body: @escaping @Sendable (TrendlyneClient) async throws -> Result
    ) async throws -> Result {
        let present = india(now)
        return try await site.run { address, httpClient in
            let storage = TrendlyneStorage(
                ledger: LedgerFile(path: "\(folder)/requests.json"),
                stocks: StockFile(path: "\(folder)/stocks.json", logger: .quiet))
            let client = TrendlyneClient(
                configuration: TrendlyneConfiguration(baseURL: address, rateLimit: rateLimit), httpClient: httpClient,
                storage: storage, logger: .quiet, now: { present })
            return try await body(client)
        }
    }

    @Test("the day's quota is kept across restarts, and begins again at midnight in India")
    func budget() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries]])
        let rateLimit = RateLimit(gap: .zero, dailyQuota: 2)
        let (left, error, tomorrow) = try await withFolder { folder in
            let left = try await withClient(site, in: folder, at: "2026-11-20 10:00", rateLimit: rateLimit) { client in
                _ = try await client.expiries(of: .nifty)
                return client.requestsLeft
            }
            let error = try await withClient(site, in: folder, at: "2026-11-20 11:00", rateLimit: rateLimit) { client in
                _ = try await client.expiries(of: .nifty)
                return await failure { _ = try await client.expiries(of: Symbol(exchange: "NSE", ticker: "BANKNIFTY")) }
            }
            let tomorrow = try await withClient(site, in: folder, at: "2026-11-21 00:00", rateLimit: rateLimit) {
                client in
                client.requestsLeft
            }
            return (left, error, tomorrow)
        }
        #expect(left == 1)
        #expect(error?.code == .throttled)
        #expect(error?.message.contains("quota of 2") == true)
        #expect(tomorrow == 2)
    }

    @Test(
        "a cooldown after 403, 405, a captcha or a page survives a restart, and requests resume when it is over",
        arguments: [
            ScriptedSite.Reply.page("<html>no", status: 403), .page("<html>no", status: 405),
            .page("<html>captcha"), .page("<html>welcome"),
        ])
    func stop(refusal: ScriptedSite.Reply) async throws {
        let site = ScriptedSite([expiryPath: [refusal, listedExpiries], otherExpiryPath: [refusal]])
        let (first, second, later) = try await withFolder { folder in
            let ask: @Sendable (TrendlyneClient) async -> MarketDataError? = { client in
                await failure { _ = try await client.expiries(of: .nifty) }
            }
            return (
                try await withClient(site, in: folder, at: "2026-11-20 10:00", ask),
                try await withClient(site, in: folder, at: "2026-11-20 10:10", ask),
                try await withClient(site, in: folder, at: "2026-11-20 10:30", ask)
            )
        }
        #expect(first != nil)
        #expect(second?.code == .throttled)
        #expect(second?.recovery == .retry(afterSeconds: 1200))
        #expect(later == nil)
        #expect(site.paths == [expiryPath, expiryPath])
    }

    @Test("a looked-up underlying is not looked up again by the next process")
    func stocks() async throws {
        let hits = ScriptedSite.Reply.data(#"{"data":[{"stock_id":11,"stock_code":"ABC"}]}"#)
        let site = ScriptedSite([searchPath: [hits], expiryPath: [listedExpiries]])
        try await withFolder { folder in
            for _ in 0..<2 {
                _ = try await withClient(site, in: folder, at: "2026-11-20 10:00") { client in
                    try await client.expiries(of: Symbol(exchange: "NSE", ticker: "ABC"))
                }
            }
        }
        #expect(site.paths == [searchPath, expiryPath, expiryPath])
        #expect(site.seen.compactMap { $0.query["stock_id"] } == ["11", "11"])
    }

    @Test("unreadable or unwritable files cost nothing but the storage")
    func unreadable() async throws {
        let site = ScriptedSite([expiryPath: [listedExpiries]])
        let count = try await withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try "not JSON".write(toFile: "\(folder)/requests.json", atomically: true, encoding: .utf8)
            try "[]".write(toFile: "\(folder)/stocks.json", atomically: true, encoding: .utf8)
            return try await withClient(site, in: folder, at: "2026-11-20 10:00") { client in
                try await client.expiries(of: .nifty).expiries.count
            }
        }
        #expect(count == 3)
    }
}

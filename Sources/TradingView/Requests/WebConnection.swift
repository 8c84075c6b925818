import AsyncHTTPClient
import Foundation
import Logging
import MarketData
import NIOCore
import NIOHTTP1
import NetworkFailure
import SourceHTTP

/// Reads pages and JSON over HTTP; every failure is a `MarketDataError` that names the host.
struct WebReader {
    let httpClient: HTTPClient
    var deadline: Duration
    /// The time of day, by which a `Retry-After` date is read.
    let now: @Sendable () -> Date
    var logger = Logger(label: "tradingview")

    private static let largestBody = 16 << 20
    // Pages are refused to clients that do not look like a browser.
    static let userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0"

    /// Gets an address.
    /// - Throws: `MarketDataError`: `upstreamUnavailable`, `upstreamTimeout`, `upstreamUnreadable` for a body too large.
    func get(_ address: URL, headers: [(String, String)]) async throws -> SourceResponse {
        var request = HTTPClientRequest(url: address.absoluteString)
        request.headers = HTTPHeaders(headers + [("User-Agent", WebReader.userAgent)])
        return try await answer(to: request, at: address)
    }

    /// Posts a form to an address.
    /// - Throws: As `get`.
    func post(_ address: URL, headers: [(String, String)], form: [(String, String)]) async throws -> SourceResponse {
        let text = PercentEncoding.pairs(form.map { (name: $0.0, value: $0.1) })
        return try await post(
            address, headers: headers, type: "application/x-www-form-urlencoded", body: Data(text.utf8))
    }

    /// Posts JSON to an address.
    /// - Throws: As `get`.
    func post(_ address: URL, headers: [(String, String)], json: Data) async throws -> SourceResponse {
        try await post(address, headers: headers, type: "application/json", body: json)
    }

    private func post(
        _ address: URL, headers: [(String, String)], type: String, body: Data
    ) async throws -> SourceResponse {
        var request = HTTPClientRequest(url: address.absoluteString)
        request.method = .POST
        request.headers = HTTPHeaders(headers + [("User-Agent", WebReader.userAgent), ("Content-Type", type)])
        request.body = .bytes(body)
        return try await answer(to: request, at: address)
    }

    private func answer(to request: HTTPClientRequest, at address: URL) async throws -> SourceResponse {
        do {
            return try await SourceResponse.to(
                request, over: httpClient, before: .now + deadline, largest: WebReader.largestBody, logger: logger,
                now: { Timestamp(milliseconds: Int64((now().timeIntervalSince1970 * 1000).rounded())) })
        } catch let failure as ConnectionFailure {
            throw failure.error(
                of: Site("TradingView", .tradingview, at: address.absoluteString), timeout: deadline)
        }
    }
}

extension Duration {
    /// For messages: whole seconds without a fraction, others with the shortest one.
    var inSeconds: String { (self / .seconds(1)).shortest }
}

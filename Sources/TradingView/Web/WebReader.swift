import AsyncHTTPClient
import Foundation
import MarketData
import NIOCore
import NIOHTTP1
import WebSocketTransport

/// Reads pages and JSON over HTTP; every failure is a `MarketDataError` that names the host.
struct WebReader {
    let httpClient: HTTPClient
    var deadline: Duration
    /// The time of day, by which a `Retry-After` date is read.
    let now: @Sendable () -> Date

    private static let largestBody = 16 << 20
    // Pages are refused to clients that do not look like a browser.
    static let userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0"

    /// Gets an address.
    /// - Throws: `MarketDataError`: `upstreamUnavailable`, `upstreamTimeout`, `upstreamUnreadable` for a body too large.
    func get(_ address: URL, headers: [(String, String)]) async throws -> WebAnswer {
        var request = HTTPClientRequest(url: address.absoluteString)
        request.headers = HTTPHeaders(headers + [("User-Agent", WebReader.userAgent)])
        return try await answer(to: request, at: address)
    }

    /// Posts a form to an address.
    /// - Throws: As `get`.
    func post(_ address: URL, headers: [(String, String)], form: [(String, String)]) async throws -> WebAnswer {
        let text = form.map { "\($0.formEncoded)=\($1.formEncoded)" }.joined(separator: "&")
        return try await post(
            address, headers: headers, type: "application/x-www-form-urlencoded", body: Data(text.utf8))
    }

    /// Posts JSON to an address.
    /// - Throws: As `get`.
    func post(_ address: URL, headers: [(String, String)], json: Data) async throws -> WebAnswer {
        try await post(address, headers: headers, type: "application/json", body: json)
    }

    private func post(
        _ address: URL, headers: [(String, String)], type: String, body: Data
    ) async throws -> WebAnswer {
        var request = HTTPClientRequest(url: address.absoluteString)
        request.method = .POST
        request.headers = HTTPHeaders(headers + [("User-Agent", WebReader.userAgent), ("Content-Type", type)])
        request.body = .bytes(body)
        return try await answer(to: request, at: address)
    }

    /// The whole answer, body included, within the deadline: the HTTP client's own ends with the head.
    private func answer(to request: HTTPClientRequest, at address: URL) async throws -> WebAnswer {
        try await withThrowingTaskGroup(of: WebAnswer.self) { group in
            group.addTask { try await read(request, at: address) }
            group.addTask {
                // A little later than the client's own, which knows why no head came.
                try await Task.sleep(for: deadline + .milliseconds(200))
                throw WebFailure(error: HTTPClientError.readTimeout, address: address, deadline: deadline)
                    .marketDataError
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private func read(_ request: HTTPClientRequest, at address: URL) async throws -> WebAnswer {
        do {
            let limit = TimeAmount.nanoseconds(Int64(deadline / .nanoseconds(1)))
            let response = try await httpClient.execute(request, timeout: limit)
            let body = try await response.body.collect(upTo: WebReader.largestBody)
            // A body whose reader is cancelled ends early and without an error.
            try Task.checkCancellation()
            return WebAnswer(
                status: Int(response.status.code),
                address: response.url ?? address,
                location: response.headers.first(name: "Location"),
                retryAfter: RetryAfter.seconds(response.headers.first(name: "Retry-After"), now: now()),
                contentType: response.headers.first(name: "Content-Type"),
                body: Array(body.readableBytesView),
                setCookies: response.headers["Set-Cookie"]
            )
        } catch let error as CancellationError {
            throw error
        } catch {
            throw WebFailure(error: error, address: address, deadline: deadline).marketDataError
        }
    }
}

extension String {
    /// As a form's names and values are written: all but letters, digits and `-._~` percent-encoded.
    fileprivate var formEncoded: String {
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}

extension Duration {
    /// For messages: whole seconds without a fraction, others with the shortest one.
    var inSeconds: String { (self / .seconds(1)).shortest }
}

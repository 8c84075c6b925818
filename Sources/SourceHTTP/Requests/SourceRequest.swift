public import AsyncHTTPClient
import Foundation
public import Logging
public import MarketData
import NIOCore
import NIOHTTP1
import NetworkFailure

extension SourceResponse {
    /// Sends a request and reads the whole response, body included, before the deadline.
    /// - Parameters:
    ///   - request: The request.
    ///   - httpClient: What carries it.
    ///   - deadline: When the caller stops waiting for the response.
    ///   - largest: How many bytes the body may have.
    ///   - logger: Passed on to the HTTP client.
    ///   - now: The time of day.
    /// - Throws: `ConnectionFailure`; `CancellationError` where the caller gave up.
    public static func to(
        _ request: HTTPClientRequest, over httpClient: HTTPClient, before deadline: ContinuousClock.Instant,
        largest: Int, logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) async throws -> SourceResponse {
        try await withThrowingTaskGroup(of: SourceResponse.self) { group in
            group.addTask {
                try await read(request, over: httpClient, before: deadline, largest: largest, logger: logger, now: now)
            }
            group.addTask {
                // The client's own deadline covers the head of the response only, but has the better error.
                try await Task.sleep(until: deadline + .milliseconds(200))
                throw ConnectionFailure.timedOut
            }
            defer { group.cancelAll() }
            guard let response = try await group.next() else { throw CancellationError() }
            return response
        }
    }

    private static func read(
        _ request: HTTPClientRequest, over httpClient: HTTPClient, before deadline: ContinuousClock.Instant,
        largest: Int, logger: Logger, now: @Sendable () -> Timestamp
    ) async throws -> SourceResponse {
        let milliseconds = max(1, (deadline - ContinuousClock.now).wholeMilliseconds)
        do {
            let response = try await httpClient.execute(
                request, deadline: .now() + .milliseconds(milliseconds), logger: logger
            )
            let body = try await response.body.collect(upTo: largest)
            // A cancelled body ends early and without an error.
            try Task.checkCancellation()
            return SourceResponse(
                status: Int(response.status.code),
                contentType: response.headers.first(name: "content-type"),
                retryAfter: response.headers.first(name: "retry-after"),
                setCookies: response.headers["set-cookie"],
                location: response.headers.first(name: "location"),
                address: response.url?.absoluteString,
                receivedAt: now(),
                body: Array(body.readableBytesView)
            )
        } catch {
            let failure = ConnectionFailure(ofHTTP: error)
            if failure == .cancelled, ContinuousClock.now < deadline { throw CancellationError() }
            throw failure
        }
    }
}

extension ConnectionFailure {
    /// Reads an error of an HTTP client.
    init(ofHTTP error: any Error) {
        guard let error = error as? HTTPClientError else {
            self.init(error)
            return
        }
        let late: [HTTPClientError] = [
            .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout, .tlsHandshakeTimeout,
            .getConnectionFromPoolTimeout,
        ]
        if late.contains(error) {
            self = .timedOut
        } else if error == .cancelled {
            self = .cancelled
        } else if error == .redirectLimitReached || error == .redirectCycleDetected {
            self = .tooManyRedirects
        } else {
            self = .other(error.description)
        }
    }
}

/// Percent-encoding for paths, queries and forms (RFC 3986, section 2).
public enum PercentEncoding {
    /// A text in which every byte but letters, digits, `-._~` and those to keep is percent-encoded.
    /// - Parameters:
    ///   - text: The text.
    ///   - kept: ASCII characters that stay as they are.
    public static func encode(_ text: String, keeping kept: String = "") -> String {
        var encoded = ""
        for byte in text.utf8 {
            if isUnreserved(byte) || kept.utf8.contains(byte) {
                encoded.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    /// Names and values as a query or a form has them: `a=1&b=2`.
    /// - Parameters:
    ///   - pairs: The names and values, in order.
    ///   - kept: ASCII characters of values that stay as they are.
    public static func pairs(_ pairs: [(name: String, value: String)], keeping kept: String = "") -> String {
        pairs.map { "\(encode($0.name))=\(encode($0.value, keeping: kept))" }.joined(separator: "&")
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

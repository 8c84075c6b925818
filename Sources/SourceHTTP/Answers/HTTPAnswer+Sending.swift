public import AsyncHTTPClient
public import Logging
import NIOCore
import NIOHTTP1

extension HTTPAnswer {
    /// Sends a request and reads the whole answer.
    /// - Parameters:
    ///   - request: The request.
    ///   - httpClient: What carries it.
    ///   - deadline: When nobody waits for the answer any more.
    ///   - largest: How many bytes the body may have.
    ///   - logger: Passed on to the HTTP client.
    /// - Throws: `ConnectionFailure`; `CancellationError` where whoever asked gave up.
    public static func to(
        _ request: HTTPClientRequest, over httpClient: HTTPClient, before deadline: ContinuousClock.Instant,
        largest: Int, logger: Logger
    ) async throws -> HTTPAnswer {
        let milliseconds = max(1, (deadline - ContinuousClock.now).wholeMilliseconds)
        do {
            let response = try await httpClient.execute(
                request, deadline: .now() + .milliseconds(milliseconds), logger: logger
            )
            let body = try await response.body.collect(upTo: largest)
            // A cancelled body ends early and without an error.
            try Task.checkCancellation()
            return HTTPAnswer(
                status: Int(response.status.code),
                contentType: response.headers.first(name: "content-type"),
                retryAfter: response.headers.first(name: "retry-after"),
                setCookies: response.headers["set-cookie"],
                body: Array(body.readableBytesView)
            )
        } catch {
            let failure = ConnectionFailure(error)
            if failure == .cancelled, ContinuousClock.now < deadline { throw CancellationError() }
            throw failure
        }
    }
}

import AsyncHTTPClient
import TestSupport

@testable import NSE

extension ScriptedSite {
    /// A site that replies by path, or by the function's name where one path serves several.
    convenience init(_ replies: [String: [Reply]]) { self.init(replies, by: \.place) }

    /// The requests, in order.
    var seen: [Request] { requests }

    /// The places that were requested, in order.
    var places: [String] { requests.map(\.place) }

    /// Runs the site and gives the body its address and an HTTP client.
    func run<Result: Sendable>(
        _ body: @Sendable (String, HTTPClient) async throws -> Result
    ) async throws -> Result {
        try await run(client: NSEClient.httpConfiguration, body)
    }
}

extension ScriptedSite.Request {
    /// The path, or the function's name where one path serves several.
    var place: String { query["functionName"] ?? path }

    /// Path and query as they came.
    var address: String { target }
}

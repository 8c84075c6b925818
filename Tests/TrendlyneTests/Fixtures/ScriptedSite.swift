import AsyncHTTPClient
import TestSupport

@testable import Trendlyne

extension ScriptedSite {
    /// A site that replies by path below `/phoenix/api/`.
    convenience init(_ replies: [String: [Reply]]) {
        self.init(replies, by: \.place, missing: Reply(status: 404, headers: [:], body: "no such path"))
    }

    /// The requests, in order.
    var seen: [Request] { requests }

    /// The paths that were requested, in order, below `/phoenix/api/`.
    var paths: [String] { requests.map(\.place) }

    /// Runs the site and gives the body its address and an HTTP client.
    func run<Result: Sendable>(
        _ body: @Sendable (String, HTTPClient) async throws -> Result
    ) async throws -> Result {
        try await run(client: TrendlyneClient.httpConfiguration, body)
    }
}

extension ScriptedSite.Request {
    /// The path below `/phoenix/api/`.
    var place: String { path.replacing("/phoenix/api/", with: "", maxReplacements: 1) }
}

extension ScriptedSite.Reply {
    init(status: Int = 200, headers: [String: String], body: String) {
        self.init(status: status, headers: headers.map { (name: $0.key, value: $0.value) }, body: body)
    }

    /// Data in Trendlyne's envelope.
    static func data(_ body: String) -> ScriptedSite.Reply { .init(body: ChainText.response(body)) }
}

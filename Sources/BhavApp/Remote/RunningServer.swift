import AsyncHTTPClient
import Foundation
public import MarketData
import NIOCore
import NIOHTTP1
import TradingView

/// A bhav server that runs already, asked over HTTP.
public struct RunningServer: Sendable {
    /// The largest answer that is read.
    private static let largest = 256 << 20

    /// Scheme, host and port.
    public let address: String
    private let key: Secret?

    /// The server of `BHAV_URL`, with the key of `BHAV_API_KEY`.
    public init(address: String, key: String?) {
        self.address = address
        self.key = key.map(Secret.init)
    }

    /// Returns the status and body of an answer.
    /// - Throws: `MarketDataError.upstreamUnavailable` where the server cannot be reached.
    public func get(
        _ path: String, _ query: [(name: String, value: String)] = [], within limit: Duration = .seconds(60)
    ) async throws(MarketDataError) -> (status: Int, body: [UInt8]) {
        var components = URLComponents()
        components.path = path
        components.queryItems = query.isEmpty ? nil : query.map { URLQueryItem(name: $0.name, value: $0.value) }
        // A plus in a query means a space to some servers.
        let target = (components.string ?? path).replacing("+", with: "%2B")
        var request = HTTPClientRequest(url: address + target)
        if let key { request.headers.add(name: "Authorization", value: "Bearer \(key.exposed)") }
        do {
            let response = try await HTTPClient.shared.execute(
                request, timeout: .seconds(limit.components.seconds))
            let body = try await response.body.collect(upTo: RunningServer.largest)
            return (Int(response.status.code), Array(body.readableBytesView))
        } catch {
            throw MarketDataError(
                .upstreamUnavailable,
                "no answer from the server at \(address) (BHAV_URL): \(error); is bhav serve running?")
        }
    }
}

import AsyncHTTPClient
import Foundation
import JSON
public import MarketData
import MarketFormats
import NIOCore
import NIOHTTP1
import TradingView

/// A client of a running bhav server.
public struct RunningServer: Sendable {
    /// The largest response body, in bytes.
    private static let largest = 256 << 20

    /// Scheme, host and port.
    public let address: String
    private let key: Secret?

    /// The server of `BHAV_URL`, with the key of `BHAV_API_KEY`.
    public init(address: String, key: String?) {
        self.address = address
        self.key = key.map(Secret.init)
    }

    /// A name and a value of a query.
    public typealias Parameter = (name: String, value: String)

    /// Returns the status and body of a response.
    /// - Throws: `MarketDataError.upstreamUnavailable` where the server cannot be reached.
    public func get(
        _ path: String, _ query: [Parameter] = [], within limit: Duration = .seconds(60)
    ) async throws(MarketDataError) -> (status: Int, body: [UInt8]) {
        do {
            let response = try await HTTPClient.shared.execute(
                request(path, query), timeout: .seconds(limit.components.seconds))
            let body = try await response.body.collect(upTo: RunningServer.largest)
            return (Int(response.status.code), Array(body.readableBytesView))
        } catch {
            throw unreachable("\(error)")
        }
    }

    /// Returns the body of a successful response.
    /// - Throws: `MarketDataError`: the server's own error, or why there was no response.
    public func body(_ path: String, _ query: [Parameter] = []) async throws(MarketDataError) -> [UInt8] {
        let (status, body) = try await get(path, query)
        guard status == 200 else { throw MarketDataError(response: body) ?? unexpected(status) }
        return body
    }

    /// Returns the JSON of a successful response.
    func json(_ path: String, _ query: [Parameter]) async throws(MarketDataError) -> RemoteValue {
        let body = try await body(path, query)
        guard let json = JSONValue(parsing: body) else { throw RemoteValue.invalid("not JSON") }
        return RemoteValue(json)
    }

    /// Opens a stream of server-sent events.
    /// - Throws: `MarketDataError`.
    func events(_ query: [Parameter]) async throws(MarketDataError) -> HTTPClientResponse.Body {
        do {
            let response = try await HTTPClient.shared.execute(request("/v1/events", query), deadline: .distantFuture)
            if response.status == .ok { return response.body }
            let body = Array(try await response.body.collect(upTo: 1 << 20).readableBytesView)
            throw MarketDataError(response: body) ?? unexpected(Int(response.status.code))
        } catch let error as MarketDataError {
            throw error
        } catch {
            throw unreachable("\(error)")
        }
    }

    /// The error for a server that does not respond.
    func unreachable(_ why: String) -> MarketDataError {
        MarketDataError(
            .upstreamUnavailable,
            "no response from \(address) (BHAV_URL): \(why); check that bhav serve is running there")
    }

    private func unexpected(_ status: Int) -> MarketDataError {
        MarketDataError(
            .upstreamUnreadable, "unexpected status \(status) from \(address); check that BHAV_URL is a bhav server")
    }

    private func request(_ path: String, _ query: [Parameter]) -> HTTPClientRequest {
        var components = URLComponents()
        components.path = path
        components.queryItems = query.isEmpty ? nil : query.map { URLQueryItem(name: $0.name, value: $0.value) }
        // A plus in a query means a space to some servers.
        let target = (components.string ?? path).replacing("+", with: "%2B")
        var request = HTTPClientRequest(url: address + target)
        if let key { request.headers.add(name: "Authorization", value: "Bearer \(key.exposed)") }
        return request
    }
}

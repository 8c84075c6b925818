import Foundation
import HTTPTypes
import MarketData

/// Who may ask: the keys, and the pages of which origins.
struct AccessPolicy: Sendable {
    let keys: [APIKey]
    let origins: [String]

    /// Checks the key that a request shows: `Authorization: Bearer KEY`, `X-API-Key: KEY`, or `?key=KEY`, which is all
    /// that a browser's WebSocket can send.
    /// - Throws: `MarketDataError` with code `unauthorized`.
    func checkKey(of request: HTTPRequest, query: String?) throws(MarketDataError) {
        guard !keys.isEmpty else { return }
        let header = HTTPField.Name.apiKey.flatMap { request.headerFields[$0] }
        let shown = [bearer(request.headerFields[.authorization]), header, queryKey(query)]
        for text in shown.compactMap({ $0 }) {
            // Every key is compared, so that the time tells nothing of which one was near.
            if keys.reduce(false, { $1.matches(text) || $0 }) { return }
        }
        throw MarketDataError(
            .unauthorized, "a key is needed; send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'")
    }

    /// Whether a page of this origin may read the answers; no origin means no browser, or the server's own page.
    func allows(origin: String?, host: String?) -> Bool {
        guard let origin else { return true }
        if origins.contains(origin) { return true }
        guard let host, let authority = origin.split(separator: "://", maxSplits: 1).last else { return false }
        return origin.hasPrefix("http") && authority.lowercased() == host.lowercased()
    }

    private func bearer(_ header: String?) -> String? {
        guard let header, header.lowercased().hasPrefix("bearer ") else { return nil }
        return header.dropFirst(7).description.trimmed
    }

    private func queryKey(_ query: String?) -> String? {
        let pair = query?.split(separator: "&").first { $0.hasPrefix("key=") }
        return pair?.dropFirst(4).description.removingPercentEncoding
    }
}

extension HTTPField.Name {
    fileprivate static let apiKey = HTTPField.Name("x-api-key")
}

import NIOCore

/// The parts of a `ws:` or `wss:` URL that a connection needs.
struct WebSocketURL: Hashable, Sendable {
    let isSecure: Bool
    /// Without the brackets of an IPv6 address.
    let host: String
    let port: Int
    /// Path and query, beginning with a slash; no fragment.
    let target: String

    init(_ text: String) throws(WebSocketError) {
        guard let schemeEnd = text.firstRange(of: "://") else { throw Self.invalid(text, "it has no scheme") }
        switch text[..<schemeEnd.lowerBound].lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        default: throw Self.invalid(text, "its scheme is neither ws nor wss")
        }
        let rest = text[schemeEnd.upperBound...].prefix { $0 != "#" }
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Self.invalid(text, "it holds a space or a character that is not ASCII")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest[authority.endIndex...]
        target = path.hasPrefix("/") ? String(path) : "/" + path
        guard !authority.contains("@") else { throw Self.invalid(text, "a user name or password in it is not sent") }

        var portText: Substring?
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<bracket])
            let after = authority[authority.index(after: bracket)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw Self.invalid(text, "its port cannot be read") }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else {
            let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            host = String(parts[0])
            portText = parts.count > 1 ? parts[1] : nil
        }
        guard !host.isEmpty else { throw Self.invalid(text, "it names no host") }
        guard let portText, !portText.isEmpty else {
            port = isSecure ? 443 : 80
            return
        }
        guard let number = UInt16(portText), number > 0 else { throw Self.invalid(text, "its port cannot be read") }
        port = Int(number)
    }

    /// Host and port for a message.
    var place: String { "\(bracketedHost):\(port)" }

    /// The value of the `Host` header: without the port where it is the scheme's own.
    var hostHeader: String { port == (isSecure ? 443 : 80) ? bracketedHost : place }

    /// Whether the host is an address; a name is needed for SNI.
    var isAddress: Bool { (try? SocketAddress(ipAddress: host, port: port)) != nil }

    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    private static func invalid(_ text: String, _ reason: String) -> WebSocketError {
        WebSocketError(.invalidURL, "\"\(text)\" is not a WebSocket address: \(reason).")
    }
}

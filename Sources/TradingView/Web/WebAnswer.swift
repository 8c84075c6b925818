import Foundation
import NIOCore

/// What a web server answered.
struct WebAnswer {
    let status: Int
    /// The address that answered, after redirects that the HTTP client followed by itself.
    let address: URL
    let location: String?
    let retryAfter: Int?
    let contentType: String?
    let body: [UInt8]
    /// The `Set-Cookie` headers.
    var setCookies: [String] = []

    var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Whether an HTML page came, whatever it calls itself.
    var isPage: Bool {
        if contentType?.lowercased().hasPrefix("text/html") == true { return true }
        return body.first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "<")
    }
}

import HTTPTypes
import Hummingbird
import NIOCore

/// One file of the dashboard.
struct DashboardAsset: Sendable {
    let bytes: ByteBuffer
    let contentType: String
    let entityTag: String

    init(bytes: ByteBuffer, contentType: String) {
        self.bytes = bytes
        self.contentType = contentType
        entityTag = "\"\(String(DashboardAsset.digest(bytes), radix: 16))\""
    }

    /// The file, or word that the caller's copy is still good.
    func response(ifNoneMatch: String?) -> Response {
        let headers: HTTPFields = [
            .contentType: contentType, .eTag: entityTag, .cacheControl: "no-cache", .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: DashboardAsset.policy,
        ]
        let known = ifNoneMatch?.split(separator: ",").map { String($0).trimmed } ?? []
        guard !known.contains(where: { $0 == entityTag || $0 == "W/" + entityTag }) else {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: bytes))
    }

    /// The type of a file by its name; `nil` for one that the dashboard has no use for.
    static func contentType(of path: String) -> String? {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "json", "webmanifest", "map": "application/json"
        case "txt": "text/plain; charset=utf-8"
        default: nil
        }
    }

    /// Everything comes from here, and nothing else may run or load.
    private static let policy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// FNV-1a of 64 bits: it need only tell one version of a file from the next.
    private static func digest(_ bytes: ByteBuffer) -> UInt64 {
        bytes.readableBytesView.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The dashboard's files. Only what was found in the folder is ever served, so no path can lead out of it.
struct DashboardAssets: Sendable {
    private let assets: [String: DashboardAsset]
    /// The folder that is read again for each request, during work on the page.
    private let workingFolder: String?

    /// The files of a folder, or of the one that comes with the program.
    init(folder: String?) {
        workingFolder = folder
        assets = folder == nil ? DashboardAssets.read(DashboardAssets.builtIn) : [:]
    }

    /// The file at a path of the site; the page itself at `/`.
    func asset(at path: String) -> DashboardAsset? {
        let files = workingFolder.map { DashboardAssets.read(URL(fileURLWithPath: $0)) } ?? assets
        return files[path == "/" ? "/index.html" : path]
    }

    /// The remedy for a missing file.
    static func hint(for path: String) -> String? {
        switch path {
        case "/": "the dashboard's files were not found beside the program"
        case chartLibrary.path: "the chart library is not here yet; 'make vendor' fetches it"
        default: nil
        }
    }

    /// The chart library may lie there under its own name; it is served under a plain one.
    private static let chartLibrary = (
        path: "/vendor/lightweight-charts.js", file: "/vendor/lightweight-charts.standalone.production.js"
    )

    /// The folder that the build put beside the program.
    private static var builtIn: URL? {
        let beside = Bundle.main.bundleURL.appendingPathComponent("bhav_MarketServer.resources/Dashboard")
        let installed = Bundle.main.bundleURL.appendingPathComponent("../share/bhav/Dashboard")
        return [beside, installed].first { FileManager.default.fileExists(atPath: $0.path) }
    }

    private static func read(_ folder: URL?) -> [String: DashboardAsset] {
        guard let root = folder?.resolvingSymlinksInPath() else { return [:] }
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
        var assets: [String: DashboardAsset] = [:]
        for case let file as URL in files ?? FileManager.DirectoryEnumerator() {
            let path = String(file.resolvingSymlinksInPath().path.dropFirst(root.path.count))
            guard file.resolvingSymlinksInPath().path.hasPrefix(root.path + "/"),
                let type = DashboardAsset.contentType(of: path), let bytes = try? Data(contentsOf: file)
            else { continue }
            assets[path] = DashboardAsset(bytes: ByteBuffer(bytes: bytes), contentType: type)
        }
        if assets[chartLibrary.path] == nil { assets[chartLibrary.path] = assets[chartLibrary.file] }
        return assets
    }
}

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

    /// The file, or 304 if the caller's copy is current.
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

    /// FNV-1a of 64 bits: it only needs to distinguish versions of a file.
    private static func digest(_ bytes: ByteBuffer) -> UInt64 {
        bytes.readableBytesView.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

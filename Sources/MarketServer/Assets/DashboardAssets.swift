import Foundation
import Hummingbird
import NIOCore

/// The dashboard's files. Only what was found in the folder is ever served, so no path can lead out of it.
struct DashboardAssets: Sendable {
    private let assets: [String: DashboardAsset]
    /// The folder that is read anew for each request, while somebody works on the page.
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

    /// What to do about a file that is missing.
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

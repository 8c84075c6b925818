import Foundation
import TestSupport

extension Captures {
    /// A new folder with those recorded TradingView files whose names begin so.
    static func copies(of prefix: String) throws -> URL {
        let target = FileManager.default.temporaryDirectory.appending(path: "recording-\(UUID())")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        guard let source = folder?.appending(path: "tradingview") else { return target }
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path) where name.hasPrefix(prefix) {
            try FileManager.default.copyItem(at: source.appending(path: name), to: target.appending(path: name))
        }
        return target
    }
}

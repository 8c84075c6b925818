import Foundation

/// Recorded messages of the real sites, where the environment says where they are.
enum Captures {
    static var folder: String? { ProcessInfo.processInfo.environment["BHAV_CAPTURES"] }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: (folder ?? "") + "/" + name)))
    }
}

import Foundation

/// Recorded answers of the real site, which are no part of the project.
enum Captures {
    /// The folder of the recordings; `nil` where they are not at hand.
    static let folder = ProcessInfo.processInfo.environment["BHAV_CAPTURES"].map { "\($0)/nse" }

    /// The bytes of a recording.
    static func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: "\(folder ?? "")/\(name)")))
    }
}

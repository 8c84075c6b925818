import Foundation

/// Recorded messages, where the environment says where they are.
enum Captures {
    /// The folder of TradingView's messages.
    static var folder: URL? {
        ProcessInfo.processInfo.environment["BHAV_CAPTURES"].map {
            URL(fileURLWithPath: $0).appendingPathComponent("tradingview")
        }
    }

    /// The names of all messages, without `.txt`.
    static func names() throws -> [String] {
        guard let folder else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".txt") }
            .map { String($0.dropLast(4)) }
            .sorted()
    }

    /// One message.
    static func bytes(_ name: String) throws -> [UInt8] {
        guard let folder else { return [] }
        return Array(try Data(contentsOf: folder.appendingPathComponent(name + ".txt")))
    }

    /// Whether a recording was sent by a client.
    static func isClient(_ name: String) -> Bool { name.contains("client-") }

    /// The recordings that cannot be read, on purpose.
    static let unreadable: Set = ["binary-protobuf-qsd-2019.bin", "synthetic-truncated"]
}

import TestSupport

extension Captures {
    /// The names of TradingView's recorded messages, without `.txt`.
    static func messages() throws -> [String] {
        try names(in: "tradingview", ending: ".txt").map { String($0.dropLast(4)) }
    }

    /// One message.
    static func message(_ name: String) throws -> [UInt8] { try bytes("tradingview/\(name).txt") }

    /// Whether a recording was sent by a client.
    static func isClient(_ name: String) -> Bool { name.contains("client-") }

    /// The recordings that cannot be read, on purpose.
    static let unreadable: Set = ["binary-protobuf-qsd-2019.bin", "synthetic-truncated"]
}

import Foundation
import TradingViewProtocol

enum Packets {
    /// The packets of one WebSocket message.
    static func of(_ message: [UInt8]) -> [Packet] {
        var splitter = PacketSplitter()
        splitter.append(message)
        splitter.endMessage()
        var packets: [Packet] = []
        while let packet = splitter.next() { packets.append(packet) }
        return packets
    }

    /// What the messages among them say.
    static func events(of message: [UInt8]) -> [ServerEvent] {
        of(message).compactMap { packet in
            switch packet {
            case .message(let payload): ServerEventDecoder.decode(payload)
            case .heartbeat: nil
            case .unreadable(let reason, _): .unreadable(reason: reason, excerpt: "")
            }
        }
    }
}

extension [ServerEvent] {
    /// The bars of a series, in the order sent.
    func bars(_ series: String = "s1") -> [SeriesBar] {
        flatMap { event -> [SeriesBar] in
            switch event {
            case .timescaleUpdate(let update), .dataUpdate(let update): return update.block(series)?.bars ?? []
            default: return []
            }
        }
    }

    var completion: SeriesCompletion? {
        for case .seriesCompleted(_, let completion) in reversed() { return completion }
        return nil
    }

    var seriesErrors: [String] {
        compactMap { if case .seriesError(_, let reason) = $0 { reason } else { nil } }
    }

    var criticalErrors: [String] {
        compactMap { if case .criticalError(_, let reason, _) = $0 { reason } else { nil } }
    }

    var quotes: [QuoteUpdate] { compactMap { if case .quoteData(let update) = $0 { update } else { nil } } }
}

/// A folder of files that is gone when the test is over.
final class TemporaryFolder {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("bhav-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(Array(text.utf8), to: name) }
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

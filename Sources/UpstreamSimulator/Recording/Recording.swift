import Foundation
import JSON
import TradingViewProtocol

/// Recorded WebSocket messages of the server, from files `NAME-msgN.txt`: one history for each NAME, in the order of
/// their names, its messages in the order of N.
struct Recording: Sendable {
    /// The server's first message, if one was recorded.
    let hello: [UInt8]?
    /// The recorded histories, one per request, in order.
    let histories: [RecordedHistory]

    /// Reads a folder.
    /// - Throws: `SimulatorConfigurationError`, naming the folder or the file that cannot be used.
    init(folder: String) throws(SimulatorConfigurationError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw SimulatorConfigurationError("the recording folder '\(folder)' cannot be read")
        }
        let files = names.compactMap(RecordedFile.init(name:)).sorted()
        guard !files.isEmpty else {
            throw SimulatorConfigurationError(
                "the recording folder '\(folder)' holds no recorded messages; their files are named NAME-msgN.txt"
            )
        }
        var messages: [(file: RecordedFile, bytes: [UInt8])] = []
        for file in files {
            guard let data = FileManager.default.contents(atPath: folder + "/" + file.name), !data.isEmpty else {
                throw SimulatorConfigurationError("the recorded message '\(file.name)' in '\(folder)' cannot be read")
            }
            messages.append((file, Recording.withoutFinalNewline(Array(data))))
        }
        self.init(messages)
        guard !histories.isEmpty else {
            throw SimulatorConfigurationError(
                "the recording folder '\(folder)' holds a first message and no history to play"
            )
        }
    }

    /// Which history serves a request next: the first of those not played yet that is of the symbol, otherwise simply
    /// the first; `nil` where all were played.
    func next(of symbol: String, without played: Set<Int>) -> Int? {
        let left = histories.indices.filter { !played.contains($0) }
        return left.first { histories[$0].symbols.contains(symbol.uppercased()) } ?? left.first
    }

    private init(_ messages: [(file: RecordedFile, bytes: [UInt8])]) {
        var hello: [UInt8]?
        var histories: [RecordedHistory] = []
        var current: (name: String, messages: [[UInt8]])?
        for (file, bytes) in messages {
            if Recording.isHello(bytes) {
                hello = hello ?? bytes
                continue
            }
            if current?.name == file.history {
                current?.messages.append(bytes)
            } else {
                if let current { histories.append(RecordedHistory(messages: current.messages)) }
                current = (file.history, [bytes])
            }
        }
        if let current { histories.append(RecordedHistory(messages: current.messages)) }
        self.hello = hello
        self.histories = histories
    }

    /// An editor ends a file with a newline; a message never ends so.
    private static func withoutFinalNewline(_ bytes: [UInt8]) -> [UInt8] {
        let isNewline: (UInt8) -> Bool = { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        return Array(bytes[..<((bytes.lastIndex { !isNewline($0) } ?? -1) + 1)])
    }

    /// Whether a message is the greeting: JSON with a `session_id` and without a method.
    private static func isHello(_ message: [UInt8]) -> Bool {
        let packets = PacketSplitter.packets(of: message)
        guard packets.count == 1, case .message(let payload) = packets[0], let value = JSONValue(parsing: payload)
        else { return false }
        return value["m"] == nil && value["session_id"] != nil
    }
}

extension PacketSplitter {
    /// The packets of one whole message.
    static func packets(of message: [UInt8]) -> [Packet] {
        var splitter = PacketSplitter()
        splitter.append(message)
        splitter.endMessage()
        var packets: [Packet] = []
        while let packet = splitter.next() { packets.append(packet) }
        return packets
    }
}

/// The name of a recorded message's file: `NAME-msgN.txt`.
struct RecordedFile: Comparable, Sendable {
    let name: String
    /// What messages of one history have in common.
    let history: String
    let number: Int

    init?(name: String) {
        guard name.hasSuffix(".txt") else { return nil }
        let stem = name.dropLast(4)
        let digits = String(stem.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
        let rest = stem.dropLast(digits.count)
        guard let number = Int(digits), rest.hasSuffix("-msg") else { return nil }
        self.name = name
        self.number = number
        history = String(rest.dropLast(4))
    }

    static func < (left: RecordedFile, right: RecordedFile) -> Bool {
        (left.history, left.number, left.name) < (right.history, right.number, right.name)
    }
}

import NIOCore
import NIOEmbedded
import NIOWebSocket

@testable import TradingViewProtocol
@testable import WebSocketTransport

extension FuzzTarget {
    static let protocolTargets = [
        FuzzTarget(name: "splitter", read: readPackets),
        FuzzTarget(name: "packets", read: readEvents),
        FuzzTarget(name: "frames", read: readFrames),
    ]

    /// The first byte is the length of the pieces in which the others arrive: the packets must not depend on it.
    private static func readPackets(_ input: [UInt8]) throws {
        guard let length = input.first.map({ max(1, Int($0)) }) else { return }
        let bytes = Array(input.dropFirst())
        var whole = PacketSplitter()
        whole.append(bytes)
        whole.endMessage()
        var pieces = PacketSplitter()
        var packets: [Packet] = []
        for start in stride(from: 0, to: bytes.count, by: length) {
            pieces.append(Array(bytes[start..<min(start + length, bytes.count)]))
            while let packet = pieces.next() { packets.append(packet) }
        }
        pieces.endMessage()
        while let packet = pieces.next() { packets.append(packet) }
        var expected: [Packet] = []
        while let packet = whole.next() { expected.append(packet) }
        try require(packets == expected, "\(packets) in pieces of \(length), \(expected) at once")
    }

    private static func readEvents(_ input: [UInt8]) throws {
        let event = ServerEventDecoder.decode(input)
        let general = input.withUnsafeBufferPointer { ServerEventDecoder.decodeAnyShape($0) }
        try require(event == general || hasRepeatedKeys(input), "\(event) and \(general)")
    }

    /// Of repeated keys the general reader keeps the last, the fast one both blocks. A key with an escape may be another.
    private static func hasRepeatedKeys(_ bytes: [UInt8]) -> Bool {
        guard !bytes.contains(UInt8(ascii: "\\")) else { return true }
        var keys: Set<ArraySlice<UInt8>> = []
        var start: Int?
        for (place, byte) in bytes.enumerated() where byte == UInt8(ascii: "\"") {
            if let start, bytes[(place + 1)...].first(where: { $0 > 32 }) == UInt8(ascii: ":"),
                !keys.insert(bytes[start..<place]).inserted
            {
                return true
            }
            start = place + 1
        }
        return false
    }

    /// The frames of a client, as a server's connection takes them.
    private static func readFrames(_ input: [UInt8]) throws {
        guard let length = input.first.map({ max(1, Int($0)) }) else { return }
        let configuration = WebSocketConfiguration(maximumMessageSize: 1 << 16, closeTimeout: .seconds(2))
        let channel = EmbeddedChannel()
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 16)))
        try pipeline.addHandler(
            WebSocketChannelHandler(
                role: .server, configuration: configuration, ending: WebSocketEnding(), backlog: WebSocketBacklog()))
        let bytes = input.dropFirst()
        var start = bytes.startIndex
        while start < bytes.endIndex, channel.isActive || start == bytes.startIndex {
            let end = min(start + length, bytes.endIndex)
            _ = try? channel.writeInbound(ByteBuffer(bytes: bytes[start..<end]))
            start = end
            var sent = 0
            while let written = try? channel.readOutbound(as: ByteBuffer.self) { sent += written.readableBytes }
            // A pong is no longer than its ping, and there is one close frame.
            try require(sent <= length + 1 << 17, "\(sent) bytes written for \(length) read")
            while let event = try? channel.readInbound(as: WebSocketEvent.self) { _ = event }
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}

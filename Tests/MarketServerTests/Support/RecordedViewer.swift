import Foundation
import MarketData
import NIOCore

@testable import MarketServer

/// A viewer whose connection the test opens and closes, with what was written to it.
final class RecordedViewer: ViewerOutput {
    var isWritable = true
    /// How many bytes the connection takes before it is full; `nil`: any number.
    var room: Int?
    private(set) var bytes = ByteBuffer()
    private(set) var writes = 0
    private(set) var isClosedAsSlow = false
    private(set) lazy var viewer = Viewer(.webSocket, output: self)

    var pendingBytes: Int { 0 }

    func write(_ bytes: ByteBuffer) {
        writes += 1
        self.bytes.writeImmutableBuffer(bytes)
        guard let room else { return }
        self.room = max(0, room - bytes.readableBytes)
        if self.room == 0 { isWritable = false }
    }

    func closeSlowClient() { isClosedAsSlow = true }

    /// The messages that were written since the last call.
    func messages() throws -> [JSON] {
        var messages: [JSON] = []
        while let payload = bytes.readServerFrame() { messages.append(try JSON(payload)) }
        return messages
    }
}

extension ByteBuffer {
    /// Reads the payload of one unmasked text frame, by RFC 6455 and not by anything of ours.
    fileprivate mutating func readServerFrame() -> [UInt8]? {
        guard readableBytes > 0, readInteger(as: UInt8.self) == 0x81, let short = readInteger(as: UInt8.self) else {
            return nil
        }
        let length: Int? =
            switch short {
            case 126: readInteger(as: UInt16.self).map(Int.init)
            case 127: readInteger(as: UInt64.self).map(Int.init)
            default: Int(short)
            }
        return length.flatMap { readBytes(length: $0) }
    }
}

extension Fanout {
    /// A fan-out with some viewers.
    static func recording(_ viewers: RecordedViewer...) -> Fanout {
        let fanout = Fanout(counters: StreamCounters(), sources: { [] })
        for viewer in viewers { fanout.add(viewer.viewer) }
        return fanout
    }
}

extension FollowedTopic {
    static func quotes(_ id: Int, _ symbol: Symbol) -> FollowedTopic {
        FollowedTopic(id: id, symbol: symbol, latest: nil, number: 0)
    }

    static func series(_ id: Int) -> FollowedTopic { FollowedTopic(id: id, symbol: nil, latest: nil, number: 0) }
}

extension TopicUpdate {
    static func quote(_ topic: Int, _ number: Int, _ quote: Quote, since former: Quote? = nil) -> TopicUpdate {
        TopicUpdate(
            topic: topic, number: number, content: .quote(QuoteVersion(quote, frame: .quote(quote, since: former))))
    }

    static func bar(_ topic: Int, _ number: Int, _ bar: Bar) -> TopicUpdate {
        var messages = BarMessages()
        return TopicUpdate(topic: topic, number: number, content: messages.updates(.bar(bar), sources: { [] })[0])
    }
}

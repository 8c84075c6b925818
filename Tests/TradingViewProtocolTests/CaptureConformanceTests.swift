import MarketData
import TestSupport
import Testing

@testable import TradingViewProtocol

@Suite("Recorded messages", .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
struct CaptureConformanceTests {
    @Test("every server message decodes to a known event", arguments: try Captures.messages())
    func serverMessages(_ name: String) throws {
        if Captures.isClient(name) || Captures.unreadable.contains(name) { return }
        let found = packets(try Captures.message(name))
        #expect(!found.isEmpty)
        for packet in found {
            switch packet {
            case .heartbeat(let payload): #expect(payload.starts(with: Array("~h~".utf8)))
            case .message(let payload):
                let event = ServerEventDecoder.decode(payload)
                #expect(!event.isUnreadable && !event.isUnknown, "\(event)")
            case .unreadable(let reason, _): Issue.record("\(name): \(reason)")
            }
        }
    }

    @Test("every client message decodes to a call", arguments: try Captures.messages())
    func clientMessages(_ name: String) throws {
        guard Captures.isClient(name) else { return }
        for packet in packets(try Captures.message(name)) {
            guard case .message(let payload) = packet else {
                #expect(packet == .heartbeat(Array("~h~1".utf8)))
                continue
            }
            let call = try #require(ClientCallDecoder.decode(payload))
            #expect(name.contains(call.name) || name.contains("create_study"))
            #expect(!call.parameters.isEmpty)
        }
    }

    @Test("a message cut anywhere gives the same packets", arguments: try Captures.messages())
    func chunks(_ name: String) throws {
        let bytes = try Captures.message(name)
        let whole = packets(bytes)
        #expect(split(bytes, by: { 1 }) == whole)
        var generator = SeededGenerator(seed: 7)
        #expect(split(bytes, by: { Int.random(in: 1...4096, using: &generator) }) == whole)
        #expect(split(bytes, by: { Int.random(in: 1...9, using: &generator) }) == whole)
    }

    @Test("every declared length counts UTF-16 units", arguments: try Captures.messages())
    func lengths(_ name: String) throws {
        if Captures.unreadable.contains(name) { return }
        let message = try Captures.message(name)
        message.withUnsafeBufferPointer { bytes in
            var position = 0
            while case .header(let length, let payload) = PacketHeader.read(bytes, at: position) {
                let extent = UTF16Length.extent(of: length, in: bytes, from: payload, counting: .utf16)
                guard case .end(let end) = extent else {
                    Issue.record("\(name): \(extent)")
                    return
                }
                position = end
            }
            #expect(position == bytes.count && position > 0)
        }
    }

    @Test("a completely sent packet is encoded to the same bytes", arguments: try Captures.messages())
    func encoding(_ name: String) throws {
        if Captures.unreadable.contains(name) { return }
        let bytes = try Captures.message(name)
        let again = packets(bytes).flatMap { packet in PacketEncoder.encode(packet.text ?? "") }
        #expect(again == bytes)
    }

    @Test("a protobuf packet and a truncated one are unreadable")
    func unreadable() throws {
        #expect(packets(try Captures.message("binary-protobuf-qsd-2019.bin")).allSatisfy(\.isUnreadable))
        let truncated = try Captures.message("synthetic-truncated")
        #expect(packets(truncated).isEmpty)
        let then = packets(truncated, Array(framed("~h~1").utf8))
        #expect(then.map(\.isUnreadable) == [true, false])
    }

    @Test("the fast reader and the general one agree", arguments: try Captures.messages())
    func agreement(_ name: String) throws {
        if Captures.isClient(name) { return }
        for case .message(let payload) in packets(try Captures.message(name)) {
            let general = payload.withUnsafeBufferPointer { ServerEventDecoder.decodeAnyShape($0) }
            #expect(ServerEventDecoder.decode(payload) == general)
        }
    }

    private func split(_ bytes: [UInt8], by size: () -> Int) -> [Packet] {
        var splitter = PacketSplitter()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(size())
            splitter.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        splitter.endMessage()
        return drained(&splitter)
    }
}

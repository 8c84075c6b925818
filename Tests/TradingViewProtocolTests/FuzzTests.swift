import MarketData
import TestSupport
import Testing

@testable import TradingViewProtocol

/// Seeded damage. A reader that steps over its end traps in these builds.
@Suite("Damaged input")
struct FuzzTests {
    private let messages = [
        """
        {"m":"timescale_update","p":["cs_abcdefghijkl",{"sds_1":{"node":"n","s":[\
        {"i":0,"v":[1764669540.0,24810.5,24833.15,24799.05,24820.75,41250.0]},\
        {"i":1,"v":[1764669600.0,24820.8,24826.3,24801.45,24804.6]}],"ns":{"d":"삼🚀","indexes":[]},"t":"s1",\
        "lbs":{"bar_close_time":1764669660}}},{"index":0,"zoffset":0,"changes":[1764669540.0],"marks":[[20,1,0]]}],"t":1}
        """,
        "{\"m\":\"qsd\",\"p\":[\"qs_abcdefghijkl\",{\"n\":\"NSE:X\",\"s\":\"ok\",\"v\":{\"lp\":812.35,\"a\":\"\\u00e9\"}}]}",
        "{\"m\":\"series_completed\",\"p\":[\"cs_a\",\"sds_1\",\"streaming\",\"s1\",{\"rt_update_period\":5}],\"t_ms\":5}",
        "~h~12",
    ]

    @Test("damaged packets never crash, and no bar has a number that was not in the bytes")
    func packetsAndBars() {
        var generator = SeededGenerator(seed: 2026)
        var bars = 0
        var unreadable = 0
        for _ in 0..<4000 {
            var splitter = PacketSplitter()
            var received: [UInt8] = []
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let text = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                    framed(messages[Int.random(in: messages.indices, using: &generator)])
                }
                let bytes = damaged(Array(text.joined().utf8), using: &generator)
                received += bytes
                splitter.append(bytes)
                splitter.endMessage()
            }
            for packet in drained(&splitter) {
                bars += check(packet, in: received)
                unreadable += packet.isUnreadable ? 1 : 0
            }
        }
        // The damage is neither too light nor too heavy to mean anything.
        #expect(bars > 1000 && unreadable > 1000)
    }

    @Test("damaged bars are rejected or have the numbers in the bytes, and both readers agree")
    func readers() {
        var generator = SeededGenerator(seed: 11)
        for round in 0..<6000 {
            let bytes = damaged(Array(messages[round % 3].utf8), using: &generator)
            let event = ServerEventDecoder.decode(bytes)
            let general = bytes.withUnsafeBufferPointer { ServerEventDecoder.decodeAnyShape($0) }
            #expect(event == general || hasRepeatedKeys(bytes), "\(String(decoding: bytes, as: UTF8.self))")
            _ = check(.message(bytes), in: bytes)
        }
    }

    private func damaged(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
            let position = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: position)
            case 2:
                bytes.insert(
                    Array("~m{}[],:\"\\0123456789.eE+-".utf8).randomElement(using: &generator) ?? 0, at: position)
            case 3: bytes.removeSubrange(position..<min(position + 9, bytes.count))
            case 4: bytes.insert(contentsOf: bytes[position...].prefix(12), at: position)
            default: bytes.removeSubrange(position...)
            }
        }
        return bytes
    }

    /// Numbers of a bar are found again among the numbers written in the bytes; how many bars there were.
    private func check(_ packet: Packet, in received: [UInt8]) -> Int {
        guard case .message(let payload) = packet, let update = ServerEventDecoder.decode(payload).update else {
            return 0
        }
        let numbers = Set(
            received.split { !Array("0123456789.eE+-".utf8).contains($0) }
                .compactMap { Double(String(decoding: $0, as: UTF8.self)) })
        let bars = update.blocks.flatMap(\.bars)
        for bar in bars {
            let values = [bar.open, bar.high, bar.low, bar.close, bar.volume ?? bar.open]
            #expect(values.allSatisfy { numbers.contains($0) || $0 == 0 }, "\(bar)")
        }
        return bars.count
    }

    /// Of repeated keys the general reader keeps the last, the fast one both blocks.
    private func hasRepeatedKeys(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        let keys = text.matches(of: /"([^"]*)":/).map { String($0.output.1) }
        return Set(keys).count < keys.count
    }
}

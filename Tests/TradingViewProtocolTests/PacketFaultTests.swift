import Testing
import TradingViewProtocol

@Suite("Faulty packets")
struct PacketFaultTests {
    private let update = "{\"m\":\"du\",\"p\":[\"cs_x\",{\"s1\":{\"s\":[],\"t\":\"s1\"}}]}"

    @Test("a wrong length costs neither the payload nor those around it", arguments: [-7, -1, 1, 3, 7, 11, 30])
    func wrongLength(_ error: Int) {
        let before = framed("~h~1")
        #expect(packets(before + framed(update, error: error)).map(\.text) == ["~h~1", update])
        let after = packets(before + framed(update, error: error) + framed("{\"m\":\"b\"}") + framed("~h~2"))
        #expect(after.map(\.text) == ["~h~1", update, "{\"m\":\"b\"}", "~h~2"])
    }

    @Test("a wrong length does not cost a payload that contains the delimiter")
    func wrongLengthWithDelimiter() {
        let payload = "{\"d\":\"a ~m~4~m~~h~3\"}"
        #expect(packets(framed(payload, error: -5) + framed("~h~2")).map(\.text) == [payload, "~h~2"])
    }

    @Test("a packet truncated at a message's end is reported, and the next message is read")
    func truncated() {
        let found = packets(String(framed(update).dropLast(20)), framed("{\"m\":\"b\"}") + framed("~h~2"))
        #expect(found.map(\.text) == [nil, "{\"m\":\"b\"}", "~h~2"])
    }

    @Test("a packet truncated before another in the same message does not swallow it")
    func truncatedBeforeAnother() {
        let cut = "~m~500~m~{\"m\":\"du\",\"p\":["
        #expect(packets(cut + framed("~h~2")).map(\.text) == [nil, "~h~2"])
        // A cut inside a text shows only when the next message begins.
        let inText = "~m~500~m~{\"m\":\"du\",\"p\":[\"cs_"
        #expect(packets(inText + framed("~h~2"), framed("~h~3")).map(\.text) == [nil, "~h~2", "~h~3"])
    }

    @Test("a packet with a too large length waits for nothing when its payload is complete")
    func tooLargeButWhole() {
        #expect(packets(framed(update, error: 50)).map(\.text) == [update])
    }

    @Test(
        "text before, between and after packets is reported once and costs no packet",
        arguments: ["garbage", "<html><body>Bad gateway</body></html>", "~m", "~m~x~m~", "~m~-5~m~", "~m~5", "~~~"]
    )
    func garbage(_ text: String) {
        #expect(packets(text + framed("~h~1")).map(\.text) == [nil, "~h~1"])
        #expect(packets(framed("~h~1"), text, framed("~h~2")).map(\.text) == ["~h~1", nil, "~h~2"])
    }

    @Test("an HTML page is unreadable as a whole")
    func page() {
        let page = "<!doctype html>" + String(repeating: "<p>Too many requests</p>", count: 100)
        guard case .unreadable(let reason, let bytes)? = packets(page).first else {
            Issue.record("the page was read")
            return
        }
        #expect(reason == "text before the head of a packet")
        #expect(bytes.count == PacketSplitter.longestExcerpt && bytes.starts(with: Array("<!doctype".utf8)))
    }

    @Test(
        "a declared length beyond 32 MiB is rejected", arguments: ["33554433", "99999999999999999999", "000000000001"])
    func hugeLength(_ length: String) {
        let found = packets("~m~\(length)~m~" + framed("~h~1"))
        #expect(found.map(\.text) == [nil, "~h~1"])
    }

    @Test(
        "a packet that is neither JSON nor a heartbeat is unreadable",
        arguments: ["hello", "~h~", "~h~1x", ""])
    func noJSON(_ payload: String) {
        #expect(packets(framed(payload) + framed("~h~2")).map(\.text) == [nil, "~h~2"])
    }

    @Test("bytes that are not UTF-8 are reported, and the next packet is read")
    func binary() {
        var bytes = Array("~m~12~m~".utf8) + [0x08, 0xFF, 0xC0, 0x80, 0xF8, 0xED, 0xA0, 0x80, 0x00, 0xFE, 0xF4, 0x90]
        bytes += Array(framed("~h~2").utf8)
        #expect(packets(bytes).map(\.text) == [nil, "~h~2"])
    }

    @Test("memory is bounded when a message never ends")
    func endless() {
        var splitter = PacketSplitter()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        splitter.append("~m~33554432~m~{".utf8)
        for _ in 0..<40 { splitter.append(piece) }
        splitter.endMessage()
        splitter.append(framed("~h~1").utf8)
        splitter.endMessage()
        #expect(drained(&splitter).map(\.text) == [nil, "~h~1"])
    }

    @Test("a packet that spans too many messages is dropped")
    func tooManyMessages() {
        var splitter = PacketSplitter()
        var found: [Packet] = []
        splitter.append("~m~30000000~m~{".utf8)
        splitter.endMessage()
        for _ in 0..<300 where found.isEmpty {
            splitter.append("[".utf8)
            splitter.endMessage()
            found += drained(&splitter)
        }
        #expect(found.map(\.isUnreadable) == [true])
    }

    @Test("a message with nothing but faults is dropped in time")
    func nothingButFaults() {
        let found = packets(String(repeating: "~m~9~m~[\\\"", count: 100_000), framed("~h~1"))
        #expect(found.count < 100 && found.last?.text == "~h~1")
        #expect(!found.dropLast().contains { $0.text != nil })
    }
}

import Testing
import TradingViewProtocol

@Suite("Packet splitter")
struct PacketSplitterTests {
    @Test("several packets in one message come out in order")
    func severalPackets() {
        let found = packets(framed("{\"m\":\"a\"}") + framed("~h~12") + framed("{\"m\":\"b\"}"))
        #expect(found.map(\.text) == ["{\"m\":\"a\"}", "~h~12", "{\"m\":\"b\"}"])
    }

    @Test("a heartbeat before data is echoed and the data are kept")
    func gluedHeartbeat() {
        let found = packets("~m~4~m~~h~7" + framed("{\"m\":\"du\"}"))
        #expect(found == [.heartbeat(Array("~h~7".utf8)), .message(Array("{\"m\":\"du\"}".utf8))])
        #expect(PacketEncoder.encode("~h~7") == Array("~m~4~m~~h~7".utf8))
    }

    @Test("a heartbeat's text inside a payload is not a heartbeat")
    func heartbeatInsideText() {
        let payload = "{\"d\":\"~h~3 and ~m~4~m~~h~3\"}"
        #expect(packets(framed(payload)).map(\.text) == [payload])
    }

    @Test(
        "a length counts UTF-16 units",
        arguments: ["{\"d\":\"삼성전자 우선주\"}", "{\"d\":\"Société\"}", "{\"d\":\"🚀🚀 astral\"}", "{\"d\":\"नमस्ते\"}"]
    )
    func utf16(_ payload: String) {
        let found = packets(framed(payload) + framed("~h~1"))
        #expect(found.map(\.text) == [payload, "~h~1"])
        #expect(PacketEncoder.encode(payload) == Array(framed(payload).utf8))
    }

    @Test("a length in code points or bytes is accepted too")
    func otherUnits() {
        let payload = "{\"d\":\"🚀 삼성\"}"
        for length in [payload.unicodeScalars.count, payload.utf8.count] {
            let found = packets("~m~\(length)~m~\(payload)" + framed("~h~1"))
            #expect(found.map(\.text) == [payload, "~h~1"])
        }
    }

    @Test("a length that counts code points may end inside a character of two units")
    func lengthInsideCharacter() {
        let payload = "{\"d\":\"🚀\"}"
        #expect(packets("~m~7~m~\(payload)" + framed("~h~1")).map(\.text) == [payload, "~h~1"])
    }

    @Test("a payload may contain the delimiter")
    func delimiterInPayload() {
        let payload = "{\"d\":\"a ~m~5~m~ b ~h~3\"}"
        #expect(packets(framed(payload) + framed("~h~9")).map(\.text) == [payload, "~h~9"])
    }

    @Test("a payload may come in two messages, cut anywhere")
    func twoMessages() {
        let payload = "{\"m\":\"du\",\"d\":\"🚀 ~m~\"}"
        let bytes = Array((framed(payload) + framed("~h~9")).utf8)
        for cut in 0...bytes.count {
            let found = packets(Array(bytes[..<cut]), Array(bytes[cut...]))
            #expect(found.map(\.text) == [payload, "~h~9"], "cut at \(cut)")
        }
    }

    @Test("an old ~j~ mark before JSON is removed")
    func oldMark() {
        #expect(packets(framed("~j~{\"m\":\"a\"}")).map(\.text) == ["{\"m\":\"a\"}"])
    }

    @Test("an empty message changes nothing")
    func emptyMessage() {
        #expect(packets("", framed("~h~1"), "").map(\.text) == ["~h~1"])
    }
}

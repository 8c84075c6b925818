import Testing
import TradingViewProtocol

@testable import TradingView

@Suite("Packet trace")
struct PacketTraceTests {
    @Test("never contains a token")
    func secrets() {
        let line = PacketTrace.sent(ClientCall.setAuthToken("eyJ.secret.token").encoded())
        #expect(line == "-> set_auth_token <secret>")
    }

    @Test("contains the messages, and the size of those that are too long")
    func length() {
        #expect(PacketTrace.received(Array(#"{"m":"x","p":[]}"#.utf8)) == #"<- {"m":"x","p":[]}"#)
        let line = PacketTrace.received([UInt8](repeating: UInt8(ascii: "a"), count: 100_000))
        #expect(line.hasSuffix("... (100000 bytes)"))
        #expect(line.count < 500)
    }
}

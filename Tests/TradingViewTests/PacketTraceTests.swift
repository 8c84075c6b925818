import Testing
import TradingViewProtocol

@testable import TradingView

@Suite("Trail of packets")
struct PacketTraceTests {
    @Test("never holds a token")
    func secrets() {
        let line = PacketTrace.sent(ClientCall.setAuthToken("eyJ.secret.token").encoded())
        #expect(line == "-> set_auth_token <secret>")
    }

    @Test("holds what was said, and the size of what was too long")
    func length() {
        #expect(PacketTrace.received(Array(#"{"m":"x","p":[]}"#.utf8)) == #"<- {"m":"x","p":[]}"#)
        let line = PacketTrace.received([UInt8](repeating: UInt8(ascii: "a"), count: 100_000))
        #expect(line.hasSuffix("... (100000 bytes)"))
        #expect(line.count < 500)
    }
}

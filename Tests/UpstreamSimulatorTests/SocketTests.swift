import Logging
import MarketData
import NIOCore
import Testing
import TradingViewProtocol
import WebSocketTransport

@testable import UpstreamSimulator

@Suite("The simulator over a socket")
struct SocketTests {
    @Test("5,000 bars come over a WebSocket", .timeLimit(.minutes(1)))
    func history() async throws {
        let bars = try await UpstreamSimulator.withRunning { simulator, port in
            let url = "ws://127.0.0.1:\(port)/socket.io/websocket?from=chart&type=chart"
            let logger = Logger(label: "test")
            return try await WebSocketClient.connect(to: url, logger: logger) { inbound, outbound in
                let session = CoreClient.chart
                let calls: [ClientCall] = [
                    .setAuthToken(ClientCall.anonymousToken), .chartCreateSession(session),
                    .resolveSymbol(session, name: "symbol_1", SymbolSpecification("NSE:NIFTY")),
                    .createSeries(
                        session, series: "s1", turnaround: "t1", symbolName: "symbol_1", Resolution(code: "5"),
                        .newest(5_000)),
                ]
                for call in calls { try await outbound.write(text: String(decoding: call.encoded(), as: UTF8.self)) }
                var events: [ServerEvent] = []
                for try await message in inbound {
                    events += Packets.events(of: Array(message.bytes.readableBytesView))
                    if events.completion != nil { break }
                }
                #expect({ if case .hello = events.first { true } else { false } }())
                return events.bars()
            }
        }
        #expect(bars.count == 5_000)
    }
}

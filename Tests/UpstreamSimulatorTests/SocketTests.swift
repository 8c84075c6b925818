import AsyncHTTPClient
import Logging
import MarketData
import NIOCore
import NIOHTTP1
import NIOSSL
import TestSupport
import Testing
import TradingViewProtocol
import WebSocketTransport

@testable import UpstreamSimulator

@Suite("The simulator over a socket", .timeLimit(.minutes(1)))
struct SocketTests {
    /// Requests bars over a WebSocket and returns the messages until they were complete or the connection ended.
    private func history(
        _ symbol: String, count: Int, port: Int, scheme: String = "ws", trust: WebSocketTrust = .environment()
    ) async throws -> [ServerEvent] {
        let url = "\(scheme)://127.0.0.1:\(port)/socket.io/websocket?from=chart&type=chart"
        var configuration = WebSocketClientConfiguration()
        configuration.trust = trust
        return try await WebSocketClient.connect(
            to: url, configuration: configuration, logger: .quiet
        ) { inbound, outbound in
            let session = CoreClient.chart
            let calls: [ClientCall] = [
                .setAuthToken(ClientCall.anonymousToken), .chartCreateSession(session),
                .resolveSymbol(session, name: "symbol_1", SymbolSpecification(symbol)),
                .createSeries(
                    session, series: "s1", turnaround: "t1", symbolName: "symbol_1", Resolution(code: "5"),
                    .newest(count)),
            ]
            for call in calls { try await outbound.write(text: String(decoding: call.encoded(), as: UTF8.self)) }
            var events: [ServerEvent] = []
            for try await message in inbound {
                events += Packets.events(of: Array(message.bytes.readableBytesView))
                if events.completion != nil { break }
            }
            return events
        }
    }

    @Test("5,000 bars come over a WebSocket, after the greeting")
    func bars() async throws {
        let events = try await UpstreamSimulator.withRunning { simulator, port in
            let events = try await history("NSE:NIFTY", count: 5_000, port: port)
            #expect(simulator.activity.calls["create_series"] == 1)
            #expect(simulator.activity.connectionsMade == 1)
            return events
        }
        #expect({ if case .hello = events.first { true } else { false } }())
        #expect(events.bars().count == 5_000)
    }

    @Test("the environment names every role, on the one port")
    func environment() async throws {
        try await UpstreamSimulator.withRunning { simulator, port in
            let variables = simulator.environment(port: port)
            #expect(variables.first?.value == "ws://127.0.0.1:\(port)")
            #expect(
                variables.map(\.name) == [
                    "TRADINGVIEW_URL", "TRADINGVIEW_WEB_URL", "TRADINGVIEW_SEARCH_URL", "TRENDLYNE_URL", "NSE_URL",
                    "NSE_ARCHIVES_URL",
                ]
            )
            for variable in variables.dropFirst() { #expect(variable.value == "http://127.0.0.1:\(port)") }
        }
    }

    @Test("a self-signed certificate serves wss and https to clients that trust its file")
    func encrypted() async throws {
        var configuration = SimulatorConfiguration()
        configuration.encryption = .selfMade
        try await UpstreamSimulator.withRunning(configuration) { simulator, port in
            let variables = simulator.environment(port: port)
            let file = try #require(variables.first { $0.name == "SSL_CERT_FILE" }?.value)
            #expect(variables.first?.value == "wss://127.0.0.1:\(port)")
            let trust = WebSocketTrust.environment(["SSL_CERT_FILE": file])
            let events = try await history("NSE:NIFTY", count: 10, port: port, scheme: "wss", trust: trust)
            #expect(events.bars().count == 10)
        }
    }

    @Test(
        "connections that a fault cuts end with an error, not with bars",
        arguments: ["FAULT:CLOSE-MID-FRAME", "FAULT:RESET"]
    )
    func cut(symbol: String) async throws {
        try await UpstreamSimulator.withRunning { _, port in
            await #expect(throws: WebSocketError.self) {
                _ = try await history(symbol, count: 1_000, port: port)
            }
        }
    }

    @Test("a clean close ends the messages", arguments: ["FAULT:CLOSE", "FAULT:PROTOCOL-ERROR"])
    func closed(symbol: String) async throws {
        try await UpstreamSimulator.withRunning { _, port in
            let events = try await history(symbol, count: 10, port: port)
            #expect(events.bars().isEmpty)
        }
    }

    @Test("unusual but valid frames arrive complete", arguments: ["CONTINUATION", "BINARY-FRAME", "PING", "ONE-FRAME"])
    func oddFrames(fault: String) async throws {
        try await UpstreamSimulator.withRunning { _, port in
            let events = try await history("FAULT:\(fault)", count: 1_000, port: port)
            #expect(events.bars().count == 1_000)
        }
    }

    @Test("an upgrade is refused with 429, and with a page", arguments: [(Fault.upgrade429, 429), (.htmlInstead, 200)])
    func refusedUpgrade(fault: Fault, status: Int) async throws {
        var configuration = SimulatorConfiguration()
        configuration.faults = [fault]
        try await UpstreamSimulator.withRunning(configuration) { _, port in
            await #expect {
                _ = try await history("NSE:NIFTY", count: 10, port: port)
            } throws: { error in
                (error as? WebSocketError)?.code == .upgradeRefused(status: status)
            }
        }
    }

    @Test("connections can be cut from outside")
    func cutFromOutside() async throws {
        try await UpstreamSimulator.withRunning { simulator, port in
            let url = "ws://127.0.0.1:\(port)/socket.io/websocket"
            await #expect(throws: WebSocketError.self) {
                try await WebSocketClient.connect(to: url, logger: .quiet) { inbound, _ in
                    for try await _ in inbound { await simulator.cutConnections() }
                }
            }
        }
    }

    @Test("search, page and open interest are served over HTTP")
    func http() async throws {
        try await UpstreamSimulator.withRunning { _, port in
            let base = "http://127.0.0.1:\(port)"
            var search = HTTPClientRequest(url: base + "/symbol_search/v3/?text=bank%20index&search_type=index")
            search.headers.add(name: "Origin", value: "https://www.tradingview.com")
            for (request, word) in [
                (search, "\"BANKNIFTY\""), (HTTPClientRequest(url: base + "/"), "<html"),
                (HTTPClientRequest(url: base + "/phoenix/api/search-contract-stock/?query=Nifty%2050"), "1887"),
            ] {
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
                let body = try await response.body.collect(upTo: 1 << 20)
                #expect(response.status == .ok)
                #expect(String(buffer: body).contains(word))
            }
        }
    }

    @Test("a port in use is an error, and waiting for it ends")
    func takenPort() async throws {
        try await UpstreamSimulator.withRunning { _, port in
            var configuration = SimulatorConfiguration()
            configuration.port = port
            await #expect {
                try await UpstreamSimulator.withRunning(configuration) { _, _ in }
            } throws: { error in
                (error as? SimulatorConfigurationError)?.message.contains("port \(port)") == true
            }
        }
    }
}

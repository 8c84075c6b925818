public import Logging
public import MarketData
import WebSocketTransport

/// How far a connection to TradingView gets, stage by stage, to diagnose why there are no data.
public struct TradingViewProbe: Sendable {
    /// The stages of a connection, in order.
    public enum Stage: String, CaseIterable, Sendable {
        case name = "looking up the name"
        case connection = "connecting"
        case tls = "the TLS handshake"
        case upgrade = "the WebSocket upgrade"
        case greeting = "the server's greeting"
    }

    /// The stage at which it failed; `nil` where the server greeted.
    public let failedAt: Stage?
    /// Why it failed.
    public let reason: String?

    /// Connects, waits for the first message and hangs up.
    public static func run(
        _ configuration: TradingViewConfiguration, logger: Logger, now: @escaping WallClock = SystemClock.now
    ) async -> TradingViewProbe {
        let client = WebSocketClientConfiguration(
            headers: [("Origin", configuration.origin), ("User-Agent", WebConnection.userAgent)],
            connectTimeout: configuration.deadlines.connect, upgradeTimeout: configuration.deadlines.connect,
            trust: configuration.trust, now: UpstreamClock(now).date)
        let address = configuration.socketURL.trimmingSlashes + configuration.socketPath
        do {
            let isGreeted = try await WebSocketClient.connect(to: address, configuration: client, logger: logger) {
                inbound, _ in
                try await greeting(inbound, within: configuration.deadlines.connect)
            }
            if isGreeted { return TradingViewProbe(failedAt: nil, reason: nil) }
            return TradingViewProbe(failedAt: .greeting, reason: "the server said nothing")
        } catch {
            return TradingViewProbe(failedAt: stage(of: error), reason: ConnectionFault.error(error).message)
        }
    }

    private static func greeting(_ inbound: WebSocketInbound, within limit: Duration) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for try await _ in inbound { return true }
                return false
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    private static func stage(of error: any Error) -> Stage {
        guard let error = error as? WebSocketError else { return .greeting }
        return switch error.code {
        case .invalidURL, .nameNotFound: .name
        case .connectionRefused, .unreachable: .connection
        case .tlsFailed: .tls
        case .upgradeRefused, .protocolViolation, .timedOut: .upgrade
        default: .greeting
        }
    }
}

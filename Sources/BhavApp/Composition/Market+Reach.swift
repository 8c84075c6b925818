import Logging
import MarketData
import TradingView

extension Market {
    /// How far a connection to the source of bars and quotes comes, in words.
    /// - Throws: `MarketDataError`, naming the stage that failed.
    public func reach() async throws -> String {
        if configuration.useMockData { return "the mock market needs none" }
        let probe = await TradingViewProbe.run(configuration.tradingView, logger: Logger(label: "probe"))
        let isPlain = configuration.tradingView.socketURL.hasPrefix("ws://")
        let stages = TradingViewProbe.Stage.allCases.filter { !(isPlain && $0 == .tls) }
        guard let failed = probe.failedAt else {
            return "TradingView greets, after " + stages.dropLast().map(\.rawValue).joined(separator: ", ")
        }
        let passed = stages.prefix { $0 != failed }.map(\.rawValue)
        let before = passed.isEmpty ? "" : " (passed: \(passed.joined(separator: ", ")))"
        throw MarketDataError(
            .upstreamUnavailable, "fails at \(failed.rawValue)\(before): \(probe.reason ?? "no reason is known")",
            source: .tradingview)
    }
}

extension AppConfiguration {
    /// Shows the packets exchanged with TradingView, shortened and without secrets, to whoever looks for a fault.
    public mutating func trace(_ show: @escaping @Sendable (String) -> Void) { tradingView.trace = show }
}

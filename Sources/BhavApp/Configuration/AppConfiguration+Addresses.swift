import Foundation
import MarketData
import NSE
import TradingView
import Trendlyne

extension AppConfiguration {
    /// `host:port` of every source that is not at its built-in address; the mock market has none.
    var movedSources: [Provenance.Source: String] {
        guard !useMockData else { return [:] }
        let pairs: [(Provenance.Source, String, String)] = [
            (.tradingview, tradingView.socketURL, TradingViewConfiguration().socketURL),
            (.trendlyne, trendlyne.baseURL, TrendlyneConfiguration().baseURL),
            (.nse, nse.baseURL, NSEConfiguration().baseURL),
        ]
        let moved = pairs.filter { $0.1 != $0.2 }
        return Dictionary(uniqueKeysWithValues: moved.map { ($0.0, AppConfiguration.hostAndPort($0.1)) })
    }

    /// Makes every answer of a source that was moved say so, for the whole process.
    func installAddresses() { SourceAddresses.install(movedSources) }

    static func hostAndPort(_ address: String) -> String {
        guard let parts = URLComponents(string: address), let host = parts.host else { return address }
        let isSecure = parts.scheme == "https" || parts.scheme == "wss"
        return "\(host):\(parts.port ?? (isSecure ? 443 : 80))"
    }
}

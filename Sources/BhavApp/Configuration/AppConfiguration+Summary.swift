import MarketServer
import NSE
import TradingView
import Trendlyne

extension AppConfiguration {
    /// The settings that matter for reaching the sources, a line each, without secrets.
    public var summary: [String] {
        if useMockData { return ["the mock market, seed \(mockSeed): every number is SIMULATED"] }
        return [
            "TradingView: \(tradingView.socketURL), signed in: \(tradingView.signIn.words)",
            "TradingView's search: \(tradingView.searchURL)", "Trendlyne: \(trendlyne.baseURL)", "NSE: \(nse.baseURL)",
            "NSE's archive: \(nse.archivesURL)",
        ]
    }

    /// The address that a browser finds the server at, once it listens on a port.
    public func address(port: Int) -> String {
        let host = server.host.contains(":") && !server.host.hasPrefix("[") ? "[\(server.host)]" : server.host
        return "\(server.certificate == nil ? "http" : "https")://\(host):\(port)/"
    }
}

extension TradingViewSignIn {
    /// How, without the secrets.
    fileprivate var words: String {
        switch self {
        case .anonymous: "no (anonymous)"
        case .token: "with a token"
        case .password(_, _, let totp): totp == nil ? "with a password" : "with a password and an authenticator's code"
        case .cookies(_, let signature): signature == nil ? "with a cookie, without its signature" : "with cookies"
        }
    }
}

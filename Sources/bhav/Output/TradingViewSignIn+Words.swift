import TradingView

extension TradingViewSignIn {
    /// How, without the secrets.
    var words: String {
        switch self {
        case .anonymous: "no (anonymous)"
        case .token: "with a token"
        case .cookies(_, let signature): signature == nil ? "with a cookie, without its signature" : "with cookies"
        }
    }
}

/// The cookies that a sign-in sets, so far as signing in needs them.
struct SignInCookies: Sendable {
    private var values: [String: Secret] = [:]

    /// TradingView sets about ten; more than this is not kept.
    private static let mostCookies = 50

    /// Takes `Set-Cookie` headers: the name and the value, without the attributes.
    mutating func take(_ headers: [String]) {
        for header in headers {
            let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, values.count < SignInCookies.mostCookies else { continue }
            values[String(pair[0].filter { $0 != " " })] = Secret(String(pair[1]))
        }
    }

    /// What to send in `Cookie`; `nil` without any.
    var header: Secret? {
        guard !values.isEmpty else { return nil }
        return Secret(values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.exposed)" }.joined(separator: "; "))
    }

    /// The cookies that tokens are fetched with.
    var session: (sessionID: Secret, signature: Secret)? {
        guard let session = values["sessionid"], let signature = values["sessionid_sign"] else { return nil }
        return (session, signature)
    }
}

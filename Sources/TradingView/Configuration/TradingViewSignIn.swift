/// As whom TradingView is asked.
public enum TradingViewSignIn: Hashable, Sendable {
    /// Without an account: free data, delayed where the exchange demands it.
    case anonymous
    /// With a token (a JWT) that was had elsewhere.
    case token(Secret)
    /// With the cookies `sessionid` and `sessionid_sign` of a signed-in browser, from which a token is fetched.
    case cookies(sessionID: Secret, signature: Secret?)
    /// With a name and password, the last resort: TradingView mostly wants a captcha solved.
    ///
    /// `totp` is the secret of the account's authenticator app in base32, or six digits for one sign-in.
    case password(username: String, password: Secret, totp: Secret?)
}

extension Fault {
    /// What goes wrong, in one line.
    public var summary: String {
        switch self {
        case .symbolError: "an unknown symbol: symbol_error, series_error, no_such_symbol"
        case .seriesError: "series_error in place of bars"
        case .criticalError: "critical_error in place of bars: that session is dead, the connection lives"
        case .protocolError: "protocol_error, and the connection is closed"
        case .permissionDenied: "permission denied for one group, the instruments of BSE"
        case .deadFeed: "the symbol is known, its feed never answers"
        case .freeze: "a series or quote stands still after its first figures"
        case .signInCaptcha: "the sign-in wants a captcha solved"
        case .signIn2FA: "the sign-in wants an authenticator's code, and takes it"
        case .signInSMS: "the sign-in wants a code by text message or letter"
        case .signInRateLimit: "the sign-in locks out from the fourth attempt on"
        case .close: "a clean close in place of the answer"
        case .closeMidFrame: "the connection ends in the middle of the answer"
        case .reset: "a TCP reset in place of the answer"
        case .upgrade429: "the WebSocket upgrade is answered with 429"
        case .htmlInstead: "a web page where JSON should be"
        case .garbage: "text that is no packet, before the answer"
        case .brokenJSON: "a packet whose JSON breaks off, before the answer"
        case .lenTooSmall: "the bars' packet declares 7 too few"
        case .lenTooLarge: "the bars' packet declares 7 too many"
        case .splitOverMessages: "one packet in two WebSocket messages"
        case .stallWithHeartbeats: "no answer, only heartbeats"
        case .silence: "nothing at all any more"
        case .slow: "the answer comes after 8 seconds"
        case .continuation: "the answer in continuation frames"
        case .ping: "a WebSocket ping before the answer"
        case .oneFrame: "the whole answer in one WebSocket message"
        case .binaryFrame: "the answer in binary frames"
        case .gluedHeartbeat: "a heartbeat glued before the answer"
        case .emptySeries: "no bars, only their completion"
        case .noVolume: "bars of five figures"
        case .nullVolume: "bars whose volume is null"
        case .exponentFloats: "figures written with exponents"
        case .repeatBars: "older bars come together with bars that were sent before"
        default: openInterestSummary
        }
    }

    private var openInterestSummary: String {
        switch self {
        case .trendlyneHTML: "Trendlyne answers with a web page and status 200"
        case .trendlyne405: "Trendlyne's firewall answers with 405"
        case .trendlyneAllowance: "Trendlyne answers with 405 after 160 requests"
        case .trendlyneEmpty: "Trendlyne answers with 200 and nothing"
        case .trendlyneWrongTime: "Trendlyne answers with the close of the day before"
        case .trendlyneOutage: "Trendlyne refuses from 11:00 to 11:20 in India, in three ways"
        case .trendlyneSomeWrongTimes: "every seventh snapshot of Trendlyne is a quarter of an hour old"
        case .nse403: "NSE refuses with 403, whatever cookies come"
        case .nseEmpty: "NSE answers with 200 and {}"
        case .nseHTML: "NSE answers with a web page and status 200"
        case .nseNextGone: "NSE's newest addresses are gone, the older ones answer"
        case .nseNoFiles: "NSE has no files of past days"
        default: rawValue
        }
    }
}

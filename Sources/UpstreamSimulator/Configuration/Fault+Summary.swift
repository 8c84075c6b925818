extension Fault {
    /// What goes wrong, in one line.
    public var summary: String {
        switch self {
        case .symbolError: "an unknown symbol: symbol_error, no_such_symbol"
        case .seriesError: "series_error in place of bars"
        case .criticalError: "critical_error: that session dies, no other"
        case .protocolError: "protocol_error, and the connection is closed"
        case .permissionDenied: "permission denied for one group, that of BSE"
        case .deadFeed: "the symbol is known, its feed never answers"
        case .freeze: "a series stands still after its first figures"
        case .signInCaptcha: "the sign-in wants a captcha solved"
        case .signIn2FA: "the sign-in wants an authenticator's code"
        case .signInSMS: "the sign-in wants a code by text message"
        case .signInRateLimit: "the sign-in locks out at the fourth attempt"
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
        case .unanswered: "a series that is asked for gets no answer"
        case .stallStream: "open connections carry heartbeats only"
        case .silentStream: "open connections carry nothing any more"
        case .garbageStream: "text that is no packet, between the packets"
        case .brokenStream: "broken JSON between the packets"
        case .criticalStream: "critical_error for every open session"
        case .seriesErrorStream: "series_error for every open series"
        case .unknownSeries: "bars of series that nobody opened"
        case .symbolErrorStream: "symbol_error for every open symbol"
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
        case .repeatBars: "older bars come with some that were sent before"
        default: openInterestSummary
        }
    }

    private var openInterestSummary: String {
        switch self {
        case .trendlyneHTML: "Trendlyne answers 200 and a web page"
        case .trendlyne405: "Trendlyne's firewall answers 405"
        case .trendlyneAllowance: "Trendlyne answers 405 after 160 requests"
        case .trendlyneEmpty: "Trendlyne answers 200 and nothing"
        case .trendlyneWrongTime: "Trendlyne answers with yesterday's close"
        case .trendlyneOutage: "Trendlyne refuses from 11:00 to 11:20 in India"
        case .trendlyneSomeWrongTimes: "every seventh snapshot is 15 minutes old"
        case .nse403: "NSE answers 403, whatever cookies come"
        case .nseEmpty: "NSE answers 200 and {}"
        case .nseHTML: "NSE answers 200 and a web page"
        case .nseNextGone: "NSE's newest addresses are gone, older answer"
        case .nseNoFiles: "NSE has no files of past days"
        default: rawValue
        }
    }
}

/// A fault to inject; the raw value is its name for `--faults`. A history or quote of the ticker
/// `FAULT:NAME` (such as `FAULT:CLOSE-MID-FRAME`) triggers the fault too, so that clients can request it.
public enum Fault: String, CaseIterable, Sendable {
    // Refusals of TradingView.
    /// `symbol_error` "invalid symbol", then `series_error` "resolve error"; a quote gets `no_such_symbol`.
    case symbolError = "symbol-error"
    /// `series_error` in place of bars.
    case seriesError = "series-error"
    /// `critical_error` in place of bars: the session ends, the connection stays.
    case criticalError = "critical-error"
    /// `protocol_error`, then the connection is closed.
    case protocolError = "protocol-error"

    /// `permission denied` for the instruments of one group, those of BSE; all others work.
    case permissionDenied = "permission-denied"
    /// The symbol is known and names a free alternative, but its own feed never responds.
    case deadFeed = "dead-feed"
    /// A series or quote stops changing after its first values, while heartbeats and all others go on.
    case freeze

    // Sign-in with a name and password.
    /// `recaptcha_required`, as nearly always since 2024.
    case signInCaptcha = "signin-captcha"
    /// `2FA_required` by an authenticator; the code is then taken.
    case signIn2FA = "signin-2fa"
    /// `2FA_required` by text message or letter.
    case signInSMS = "signin-sms"
    /// `rate_limit` from the fourth attempt on.
    case signInRateLimit = "signin-rate-limit"

    // Connections that end.
    /// A clean WebSocket close in place of the response.
    case close
    /// The response's frame announces its whole length, half of it comes, and the connection ends.
    case closeMidFrame = "close-mid-frame"
    /// A TCP reset in place of the response.
    case reset
    /// The upgrade is refused with 429.
    case upgrade429 = "upgrade-429"
    /// An HTML page where JSON should be: the upgrade, the search, the scanner.
    case htmlInstead = "html-instead"

    // Packets that lie.
    /// Text that is not a packet, before the response.
    case garbage
    /// A packet whose JSON breaks off, before the response.
    case brokenJSON = "broken-json"
    /// The bars' packet declares 7 too few.
    case lenTooSmall = "len-too-small"
    /// The bars' packet declares 7 too many.
    case lenTooLarge = "len-too-large"
    /// One packet lies in two WebSocket messages.
    case splitOverMessages = "split-over-messages"

    // Responses that do not come.
    /// No response, only heartbeats.
    case stallWithHeartbeats = "stall-with-heartbeats"
    /// Nothing at all any more.
    case silence
    /// The response comes after 8 seconds.
    case slow

    /// A series that is requested gets no response at all; quotes and other series do.
    case withoutResponse = "unanswered"

    // Faults of open streams.
    /// Open connections carry heartbeats and nothing else any more; new ones are well.
    case stallStream = "stall-stream"
    /// Open connections carry no more data, without being closed; new ones work.
    case silentStream = "silent-stream"
    /// Text that is not a packet, between the packets.
    case garbageStream = "garbage-stream"
    /// Packets whose JSON breaks off, between the others.
    case brokenStream = "broken-stream"
    /// `critical_error` for every open session.
    case criticalStream = "critical-stream"
    /// `series_error` for every open series.
    case seriesErrorStream = "series-error-stream"
    /// Bars of series and sessions that were not opened, between the others.
    case unknownSeries = "unknown-series"
    /// `symbol_error` for every symbol of an open session.
    case symbolErrorStream = "symbol-error-stream"

    // Odd but lawful WebSocket.
    /// The response comes in continuation frames.
    case continuation
    /// A WebSocket ping before the response.
    case ping
    /// The whole response in one WebSocket message.
    case oneFrame = "one-frame"
    /// The response in binary frames.
    case binaryFrame = "binary-frame"
    /// A heartbeat glued before the response, in the same WebSocket message.
    case gluedHeartbeat = "glued-heartbeat"

    // Odd but lawful bars.
    /// No bars: `series_completed` with `data_completed` "end" and nothing before it.
    case emptySeries = "empty-series"
    /// Bars of five values.
    case noVolume = "no-volume"
    /// Bars whose volume is `null`.
    case nullVolume = "null-volume"
    /// Values written with exponents.
    case exponentFloats = "exponent-floats"
    /// Older bars come together with bars that were sent before.
    case repeatBars = "repeat-bars"

    // Trendlyne.
    /// An HTML page with status 200.
    case trendlyneHTML = "trendlyne-html"
    /// 405 and an HTML page, as its firewall sends.
    case trendlyne405 = "trendlyne-405"
    /// 405 and an HTML page once the quota of requests is used up.
    case trendlyneQuota = "trendlyne-allowance"
    /// 200 and an empty body.
    case trendlyneEmpty = "trendlyne-empty"
    /// The closing snapshot of the day before, for every request.
    case trendlyneWrongTime = "trendlyne-wrong-time"

    /// For twenty minutes from 11:00 on (India) 403, 405 and a page with a riddle, in turn.
    case trendlyneOutage = "trendlyne-outage"
    /// Every seventh snapshot is a quarter of an hour older than was requested, and its echo says so.
    case trendlyneSomeWrongTimes = "trendlyne-some-wrong-times"

    // NSE.
    /// 403 and an HTML page at every address, with any cookies.
    case nse403 = "nse-403"
    /// 200 and `{}` in place of expiries and chains.
    case nseEmpty = "nse-empty"
    /// 200 and an HTML page in place of expiries and chains.
    case nseHTML = "nse-html"
    /// The newest generation of addresses (NextApi) is gone: 404; `option-chain-v3` works.
    case nseNextGone = "nse-next-gone"
    /// The files of past days are not there: 404.
    case nseNoFiles = "nse-no-files"

    /// Reads names separated by commas, as `--faults` takes them.
    /// - Throws: `SimulatorConfigurationError`, naming the unknown one and the known ones.
    public static func list(_ names: String) throws(SimulatorConfigurationError) -> Set<Fault> {
        var faults: Set<Fault> = []
        for name in names.split(separator: ",") {
            let trimmed = name.drop { $0 == " " }
            guard let fault = Fault(rawValue: String(trimmed)) else {
                let known = Fault.allCases.map(\.rawValue).joined(separator: ", ")
                throw SimulatorConfigurationError("unknown fault '\(trimmed)'; use one of \(known)")
            }
            faults.insert(fault)
        }
        return faults
    }
}

extension Fault {
    /// A description in one line.
    public var summary: String {
        switch self {
        case .symbolError: "an unknown symbol: symbol_error, no_such_symbol"
        case .seriesError: "series_error in place of bars"
        case .criticalError: "critical_error: that session ends, no other"
        case .protocolError: "protocol_error, and the connection is closed"
        case .permissionDenied: "permission denied for one group, that of BSE"
        case .deadFeed: "the symbol is known, its feed never responds"
        case .freeze: "a series stops after its first values"
        case .signInCaptcha: "the sign-in wants a captcha solved"
        case .signIn2FA: "the sign-in wants an authenticator's code"
        case .signInSMS: "the sign-in wants a code by text message"
        case .signInRateLimit: "the sign-in locks out at the fourth attempt"
        case .close: "a clean close in place of the response"
        case .closeMidFrame: "the connection ends in the middle of the response"
        case .reset: "a TCP reset in place of the response"
        case .upgrade429: "the WebSocket upgrade is refused with 429"
        case .htmlInstead: "a web page where JSON should be"
        case .garbage: "text that is not a packet, before the response"
        case .brokenJSON: "a packet of broken JSON, before the response"
        case .lenTooSmall: "the bars' packet declares 7 too few"
        case .lenTooLarge: "the bars' packet declares 7 too many"
        case .splitOverMessages: "one packet in two WebSocket messages"
        case .stallWithHeartbeats: "no response, only heartbeats"
        case .silence: "nothing at all any more"
        case .withoutResponse: "a series that is requested gets no response"
        case .stallStream: "open connections carry heartbeats only"
        case .silentStream: "open connections carry nothing any more"
        case .garbageStream: "text that is not a packet, between the packets"
        case .brokenStream: "broken JSON between the packets"
        case .criticalStream: "critical_error for every open session"
        case .seriesErrorStream: "series_error for every open series"
        case .unknownSeries: "bars of series that were not opened"
        case .symbolErrorStream: "symbol_error for every open symbol"
        case .slow: "the response comes after 8 seconds"
        case .continuation: "the response in continuation frames"
        case .ping: "a WebSocket ping before the response"
        case .oneFrame: "the whole response in one WebSocket message"
        case .binaryFrame: "the response in binary frames"
        case .gluedHeartbeat: "a heartbeat glued before the response"
        case .emptySeries: "no bars, only their completion"
        case .noVolume: "bars of five values"
        case .nullVolume: "bars whose volume is null"
        case .exponentFloats: "numbers written with exponents"
        case .repeatBars: "older bars come with some that were sent before"
        default: openInterestSummary
        }
    }

    private var openInterestSummary: String {
        switch self {
        case .trendlyneHTML: "Trendlyne returns 200 and a web page"
        case .trendlyne405: "Trendlyne's firewall returns 405"
        case .trendlyneQuota: "Trendlyne returns 405 after 160 requests"
        case .trendlyneEmpty: "Trendlyne returns 200 and nothing"
        case .trendlyneWrongTime: "Trendlyne returns yesterday's close"
        case .trendlyneOutage: "Trendlyne refuses from 11:00 to 11:20 in India"
        case .trendlyneSomeWrongTimes: "every seventh snapshot is 15 minutes old"
        case .nse403: "NSE returns 403 with any cookies"
        case .nseEmpty: "NSE returns 200 and {}"
        case .nseHTML: "NSE returns 200 and a web page"
        case .nseNextGone: "NSE's newest addresses are gone, older ones work"
        case .nseNoFiles: "NSE has no files of past days"
        default: rawValue
        }
    }
}

import MarketData

/// The exit codes of every command, after sysexits.h.
enum CommandExit: Int32 {
    case done = 0
    case partial = 2
    case usage = 64
    case unreadable = 65
    case noSuchSymbol = 66
    case unavailable = 69
    case cannotWrite = 73
    case tryAgainLater = 75
    case notEntitled = 77
    case configuration = 78
    /// Ended by Ctrl-C before the answer was there, as shells count it.
    case interrupted = 130

    init(_ code: MarketDataError.Code) {
        self =
            switch code {
            case .badRequest, .unknownInterval, .tooLarge, .notSupported: .usage
            case .symbolNotFound, .neverTraded, .expiryNotListed, .noDataForTime: .noSuchSymbol
            case .notEntitled, .signInRefused, .unauthorized: .notEntitled
            case .throttled, .overloaded: .tryAgainLater
            case .upstreamUnavailable, .upstreamTimeout: .unavailable
            case .upstreamUnreadable: .unreadable
            }
    }
}

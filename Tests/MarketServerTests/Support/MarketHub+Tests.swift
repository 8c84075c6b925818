import Logging
import MarketData
import MarketHub
import TestSupport

extension MarketHub {
    /// A hub over a source that fails.
    static func failing(_ error: MarketDataError?) -> MarketHub {
        let source = FailingSource(error: error)
        return MarketHub(
            history: [source], openInterest: [source], live: [source], search: [source],
            logger: .quiet, clock: { RunningServer.now })
    }

    /// A hub over a live source of the test's own.
    static func over(_ live: any LiveFeedProvider) -> MarketHub {
        MarketHub(
            history: [], openInterest: [], live: [live], search: [],
            logger: .quiet, clock: { RunningServer.now })
    }
}

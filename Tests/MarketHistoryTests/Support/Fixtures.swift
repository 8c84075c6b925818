import Logging
import MarketData
import MarketHistory
import MarketStore
import MockMarket
import Synchronization
import TestSupport

extension BarCache {
    /// A cache whose series are judged by the exchanges' calendars, and that says nothing.
    static func over(
        _ store: any BarStore & InstrumentStore, calendars: SeriesCalendars = .exchanges, isReadOnly: Bool = false
    ) -> BarCache {
        BarCache(
            store: store, calendars: calendars,
            intervals: ["1m", "5m", "15m", "1h", "1d"].compactMap { try? Interval($0) }, isReadOnly: isReadOnly,
            logger: .quiet)
    }
}

/// The mock market as a source that records requests, and may fail or end early by a script.
final class CountingSource: BarHistoryProvider {
    private let market: MockMarket
    private let requested = Mutex<[BarRequest]>([])
    private let returned = Mutex(0)
    private let script: @Sendable (BarRequest, BarSeries) throws -> BarSeries

    init(
        now: Timestamp,
        hours: MockMarket.Hours = .exchange,
        script: @escaping @Sendable (BarRequest, BarSeries) throws -> BarSeries = { _, series in series }
    ) {
        market = MockMarket(hours: hours, clock: { now })
        self.script = script
    }

    var requests: [BarRequest] { requested.withLock { $0 } }

    /// How many bars came with the responses.
    var barsReturned: Int { returned.withLock { $0 } }

    /// The ranges that were requested, ascending.
    var ranges: [TimeRange] {
        requests.compactMap { request in
            if case .range(let range) = request.span { range } else { nil }
        }.sorted { $0.from < $1.from }
    }

    func bars(_ request: BarRequest) async throws -> BarSeries {
        requested.withLock { $0.append(request) }
        let series = try script(request, try await market.bars(request))
        returned.withLock { $0 += series.bars.count }
        return series
    }
}

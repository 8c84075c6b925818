import JSON
import MarketData
import TestSupport
import TradingViewProtocol

@testable import TradingView

/// Events as the server sends them, in short.
enum Wire {
    static let session = SessionID(rawValue: "cs_abcdefghijkl")
    static let now = Timestamp(seconds: 1_700_000_000)
    static let minute: Int64 = 60

    static func request(
        _ symbol: Symbol = .nifty, _ interval: Interval = .oneMinute, count: Int, pageSize: Int = 100
    ) throws -> SeriesRequest {
        try SeriesRequest(BarRequest(symbol: symbol, interval: interval, span: .count(count)), pageSize: pageSize)
    }

    /// Bars of one minute each, the first opening a number of minutes after the beginning; their close is the minute.
    static func bars(_ minutes: Range<Int>, close: Double? = nil) -> [SeriesBar] {
        minutes.map { minute in
            let price = close ?? Double(minute)
            return SeriesBar(
                index: minute, time: time(minute), open: price, high: price, low: price, close: price, volume: 1)
        }
    }

    static func time(_ minute: Int) -> Timestamp { Timestamp(seconds: 1_600_000_020 + Int64(minute) * 60) }

    static func update(
        _ bars: [SeriesBar], session: SessionID = session, turnaround: String? = "s1", at serverTime: Timestamp? = nil
    ) -> ServerEvent {
        let block = ChartBlock(id: "sds_1", kind: .series, turnaround: turnaround, bars: bars)
        return .timescaleUpdate(ChartUpdate(session: session, blocks: [block], serverTime: serverTime))
    }

    static func completed(
        _ ended: SeriesCompletion.DataCompleted? = nil, mode: UpdateMode = .streaming, session: SessionID = session,
        turnaround: String = "s1", at serverTime: Timestamp? = nil
    ) -> ServerEvent {
        .seriesCompleted(
            SeriesReference(session: session, id: "sds_1", turnaround: turnaround),
            SeriesCompletion(updateMode: mode, dataCompleted: ended, serverTime: serverTime))
    }

    static func resolved(_ name: String, session: SessionID = session) -> ServerEvent {
        .symbolResolved(session, name: "sym_1", ResolvedSymbol(fields: ["full_name": .string(name)]))
    }
}

extension HistoryFetch {
    /// An unreadable packet came, and after it nothing.
    mutating func lose(_ reason: String) -> Step {
        let step = receiveUnreadable(reason, at: .zero, now: Wire.now)
        return retryAfterDamage(at: deadlines.doubt, now: Wire.now) ?? step
    }
}

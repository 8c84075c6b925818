import MarketData
import TestSupport
import Testing
import TradingViewProtocol

@testable import TradingView

@Suite("Repeated requests for a range of long ago")
struct RangeAgainTests {
    private static let range = TimeRange(from: Wire.time(0), to: Wire.time(20))

    private func fetch() throws -> HistoryFetch {
        let request = BarRequest(symbol: .nifty, interval: .oneMinute, span: .range(Self.range))
        let series = try SeriesRequest(request, pageSize: 100)
        return HistoryFetch(series, deadlines: TradingViewDeadlines(), at: .zero)
    }

    /// The bars that a newly opened session requests.
    private func bars(_ fetch: inout HistoryFetch) -> BarCount? {
        guard case .send(let calls) = fetch.open(Wire.session, at: .zero, now: Wire.now),
            case .createSeries(_, _, _, _, _, let bars, _) = calls.last
        else { return nil }
        return bars
    }

    private static let upToItsEnd = BarCount.upTo(range.to.advanced(bySeconds: -1), count: 21)

    @Test("on another connection it still requests up to the end of its range, not all bars since")
    func otherConnection() throws {
        var fetch = try fetch()
        #expect(bars(&fetch) == Self.upToItsEnd)
        #expect(bars(&fetch) == Self.upToItsEnd)
    }

    @Test("after an unreadable message it requests the range again too")
    func unreadable() throws {
        var fetch = try fetch()
        _ = bars(&fetch)
        _ = fetch.lose("no JSON")
        #expect(bars(&fetch) == Self.upToItsEnd)
    }

    @Test("without bars up to the end of the range it requests from the newest on")
    func noResponse() throws {
        var fetch = try fetch()
        _ = bars(&fetch)
        guard case .openAfresh = fetch.receive(Wire.completed(), at: .zero, now: Wire.now) else {
            Issue.record("not requested again")
            return
        }
        #expect(bars(&fetch) == .newest(100))
    }

    @Test("a range without bars is trusted, before and after an unreadable message")
    func noResponseAndUnreadable() throws {
        for isUnreadableFirst in [true, false] {
            var fetch = try fetch()
            for isUnreadable in [isUnreadableFirst, !isUnreadableFirst] {
                _ = bars(&fetch)
                let step =
                    isUnreadable
                    ? fetch.lose("no JSON")
                    : fetch.receive(Wire.completed(), at: .zero, now: Wire.now)
                guard case .openAfresh = step else {
                    Issue.record("not requested again")
                    return
                }
            }
            #expect(bars(&fetch) == .newest(100))
            guard case .finished(.failure(let error)) = fetch.lose("no JSON") else {
                Issue.record("requested once more")
                return
            }
            #expect(error.message.contains("retried once"))
        }
    }
}

import MarketData
import TestSupport
import Testing

@testable import MarketHub

@Suite("Expired expiries")
struct ExpiredExpiryTests {
    /// A source of closing values that lists no expired expiry.
    private struct ClosingSource: OpenInterestProvider {
        /// The days of which it has a file.
        var days: ClosedRange<Int>

        func expiries(of symbol: Symbol) async throws -> ExpiryList {
            throw MarketDataError(.notSupported, "lists none", source: .nse)
        }

        func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
            guard let moment = request.at, let expiry = request.expiry else {
                throw MarketDataError(.expiryNotListed, "it is over", source: .nse)
            }
            guard days.contains(TradingCalendar.nse.date(at: moment).daysSinceEpoch) else {
                throw MarketDataError(.noDataForTime, "no file", source: .nse)
            }
            let values = OptionData(openInterest: 65)
            return OpenInterestSnapshot(
                symbol: request.symbol, expiry: expiry, unit: .shares, lotSize: 65, spot: 24_000,
                strikes: [OptionStrike(strike: Strike(tenThousandths: 240_000_000), call: values, put: values)],
                listedStrikes: 1,
                provenance: Provenance(source: .nse, feed: "file", mode: .endOfDay, delaySeconds: nil, asOf: moment))
        }

        func openInterestHistory(
            of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
        ) async throws -> [OpenInterestSnapshot] { [] }
    }

    private let expiry = CalendarDate(year: 2026, month: 11, day: 17)

    private func hub(_ source: ClosingSource, now: Timestamp) -> MarketHub {
        MarketHub(
            history: [], openInterest: [source], live: [], search: [], logger: .quiet, clock: { now })
    }

    @Test("an expired expiry is returned with the dated values of its last close", arguments: [1, 5, 200])
    func last(daysLater: Int) async throws {
        let expiry = try #require(expiry)
        let close = TradingCalendar.nse.expiryClose(expiry)
        let now = close.advanced(bySeconds: Int64(daysLater) * 86_400)
        let hub = hub(ClosingSource(days: expiry.daysSinceEpoch...expiry.daysSinceEpoch), now: now)
        let snapshot = try await hub.openInterest(OpenInterestRequest(symbol: .nifty, expiry: expiry))
        #expect(snapshot.provenance.asOf == close)
        #expect(snapshot.provenance.mode == .endOfDay)
        #expect(snapshot.expiry == expiry)
    }

    @Test("without stored values the reason is returned; on its own day it is requested as of now")
    func unknown() async throws {
        let expiry = try #require(expiry)
        let close = TradingCalendar.nse.expiryClose(expiry)
        let nothing = ClosingSource(days: 0...1)
        for (later, code) in [(86_400, MarketDataError.Code.noDataForTime), (60, .expiryNotListed)] {
            let hub = hub(nothing, now: close.advanced(bySeconds: Int64(later)))
            let error = await #expect(throws: MarketDataError.self) {
                try await hub.openInterest(OpenInterestRequest(symbol: .nifty, expiry: expiry))
            }
            #expect(error?.code == code)
        }
    }
}

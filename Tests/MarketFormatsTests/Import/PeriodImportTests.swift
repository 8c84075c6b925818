import Foundation
import MarketData
import Testing

@testable import MarketFormats

@Suite("Files of daily, weekly and monthly bars")
struct PeriodImportTests {
    /// An exchange, the hours that a source states, and the openings of one day, week and month.
    struct Market: CustomTestStringConvertible, Sendable {
        let symbol: String
        let zone: String
        let session: String
        /// By interval: the date of the period's first trading day, its opening, and that opening without known hours.
        let periods: [(interval: String, date: String, opening: String, unknown: String)]
        var testDescription: String { symbol }
    }

    static let markets = [
        Market(
            symbol: "NASDAQ:AAPL", zone: "America/New_York", session: "0930-1600",
            periods: [
                ("1d", "2026-06-08", "2026-06-08T13:30:00Z", "2026-06-08T00:00:00Z"),
                ("1d", "2026-01-08", "2026-01-08T14:30:00Z", "2026-01-08T00:00:00Z"),
                ("1w", "2026-06-08", "2026-06-08T13:30:00Z", "2026-06-08T00:00:00Z"),
                ("1M", "2026-07-01", "2026-07-01T13:30:00Z", "2026-07-01T00:00:00Z"),
            ]),
        Market(
            symbol: "ASX:BHP", zone: "Australia/Sydney", session: "1000-1600",
            periods: [
                ("1d", "2026-02-09", "2026-02-08T23:00:00Z", "2026-02-09T00:00:00Z"),
                ("1d", "2026-06-09", "2026-06-09T00:00:00Z", "2026-06-09T00:00:00Z"),
                ("1w", "2026-02-09", "2026-02-08T23:00:00Z", "2026-02-09T00:00:00Z"),
                ("1M", "2026-04-01", "2026-03-31T23:00:00Z", "2026-04-01T00:00:00Z"),
            ]),
        Market(
            symbol: "NSE:RELIANCE", zone: "Asia/Kolkata", session: "0915-1530",
            periods: [
                ("1d", "2026-06-08", "2026-06-08T03:45:00Z", "2026-06-08T03:45:00Z"),
                ("1w", "2026-06-08", "2026-06-08T03:45:00Z", "2026-06-08T03:45:00Z"),
                ("1M", "2026-07-01", "2026-07-01T03:45:00Z", "2026-07-01T03:45:00Z"),
            ]),
    ]

    /// The ways in which programs stamp the bar of a date.
    private func stamps(_ date: String, opening: String, zone: TimeZone) throws -> [String] {
        let midnight = try Timestamp(date, zone: zone, dateMeans: .start)
        let opens = try Timestamp(opening, zone: nil, dateMeans: .start)
        return [
            date, date.replacing("-", with: ""), "\(date) 00:00:00", midnight.description(in: zone),
            "\(date)T00:00:00Z",
            "\(midnight.seconds)", "\(midnight.milliseconds)", opening, opens.description(in: zone), "\(opens.seconds)",
        ]
    }

    private func midnightText(_ date: String, _ zone: TimeZone) -> String {
        (try? Timestamp(date, zone: zone, dateMeans: .start))?.description(in: zone) ?? ""
    }

    @Test("a period has one bar at the same opening, however it is stamped", arguments: markets)
    func stamped(market: Market) throws {
        let zone = try #require(TimeZone(identifier: market.zone))
        let instrument = Instrument(
            symbol: try Symbol(market.symbol), timeZone: market.zone, session: market.session)
        for (interval, date, opening, unknown) in market.periods {
            let stamps = try stamps(date, opening: opening, zone: zone)
            for stamp in stamps {
                let text = "time,open,high,low,close\n\(stamp),1,2,1,2\n"
                let known = try BarFile.read(
                    Array(text.utf8), symbol: market.symbol, interval: interval, instrument: instrument)
                #expect(known.bars.map(\.time.description) == [opening], "\(interval) \(stamp)")
                let before = try BarFile.read(text, symbol: market.symbol, interval: interval)
                #expect(before.bars.map(\.time.description) == [unknown], "\(interval) \(stamp)")
            }
            let dated = [date, midnightText(date, zone), "\(date)T00:00:00Z"].map { "\($0),1,2,1,2\n" }.joined()
            let repeated = try BarFile.read(
                "time,open,high,low,close\n\(dated)", symbol: market.symbol, interval: interval)
            #expect(repeated.bars.count == 1, "\(interval) \(date)")
        }
    }

    @Test("periods of an unknown exchange need no zone, and keep the date in a given one")
    func unknownExchange() throws {
        let text = "time,open,high,low,close\n2026-06-08,1,2,1,2\n2026-06-09T02:00:00Z,1,2,1,2\n"
        #expect(
            try BarFile.read(text, symbol: "XYZ:ABC").bars.map(\.time.description) == [
                "2026-06-08T00:00:00Z", "2026-06-09T00:00:00Z",
            ])
        let tokyo = TimeZone(identifier: "Asia/Tokyo")
        let evening = "time,open,high,low,close\n2026-06-08T18:00:00Z,1,2,1,2\n"
        let bars = try BarFile.read(Array(evening.utf8), symbol: "XYZ:ABC", zone: tokyo).bars
        #expect(bars.map(\.time.description) == ["2026-06-09T00:00:00Z"])
    }

    @Test("bars within the day of an unknown exchange need a zone")
    func unknownZone() {
        let text = "time,open,high,low,close\n2026-06-08 09:00,1,2,1,2\n"
        let fault = #expect(throws: ImportFault.self) {
            try BarFile.read(text, symbol: "XYZ:ABC", interval: "5m")
        }
        #expect(fault?.line == 2)
        #expect(fault?.message.contains("--time-zone") == true)
    }
}

import Foundation
import Testing

@testable import MarketData

@Suite("The time zones of exchanges")
struct ExchangeZoneTests {
    @Test("each name is a time zone", arguments: ExchangeZone.names.keys.sorted())
    func zone(exchange: String) {
        #expect(ExchangeZone.zone(of: exchange)?.identifier == ExchangeZone.names[exchange])
    }

    @Test(
        "known exchanges have the right offset from UTC, summer time included",
        arguments: [
            ("NSE", 19_800, 19_800), ("NASDAQ", -18_000, -14_400), ("LSE", 0, 3_600), ("ASX", 39_600, 36_000),
            ("TSE", 32_400, 32_400),
        ])
    func offsets(exchange: String, january: Int, july: Int) throws {
        let zone = try #require(ExchangeZone.zone(of: exchange))
        #expect(zone.secondsFromGMT(for: Date(timeIntervalSince1970: 1_768_435_200)) == january)
        #expect(zone.secondsFromGMT(for: Date(timeIntervalSince1970: 1_784_073_600)) == july)
    }

    @Test("an exchange that is not listed has no zone")
    func unknown() {
        #expect(ExchangeZone.zone(of: "NOWHERE") == nil)
    }
}

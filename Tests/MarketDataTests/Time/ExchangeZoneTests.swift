import Foundation
import Testing

@testable import MarketData

@Suite("The time zones of exchanges")
struct ExchangeZoneTests {
    @Test("each name is a zone's", arguments: ExchangeZone.names.keys.sorted())
    func zone(exchange: String) {
        #expect(ExchangeZone.zone(of: exchange) != nil)
    }

    @Test("of an exchange that is not listed nothing is guessed")
    func unknown() {
        #expect(ExchangeZone.zone(of: "NOWHERE") == nil)
    }
}

import MarketData
import Testing

@testable import TradingView

@Suite("Time of a token's renewal")
struct TokenRenewalTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    @Test("is at 80 % of its life")
    func usual() {
        let renewal = TokenRenewal(issued: at(1_000), expiry: at(1_000 + 14_400), fetchedAt: at(1_100))
        #expect(renewal.due == at(1_000 + 11_520))
        #expect(!renewal.isDue(at: at(1_000 + 11_519)))
        #expect(renewal.isDue(at: at(1_000 + 11_520)))
    }

    @Test("is at least a minute before its expiry for a short life")
    func short() {
        #expect(TokenRenewal(issued: at(1_000), expiry: at(1_200), fetchedAt: at(1_000)).due == at(1_140))
    }

    @Test("without an issue time its life counts from the fetch, and without an expiry it is kept")
    func missing() {
        #expect(TokenRenewal(issued: nil, expiry: at(11_000), fetchedAt: at(1_000)).due == at(9_000))
        let endless = TokenRenewal(issued: at(1_000), expiry: nil, fetchedAt: at(1_000))
        #expect(!endless.isDue(at: at(1_000_000)))
    }

    @Test("attempts are spaced with growing waits, and the last one is at the very end")
    func pauses() {
        var renewal = TokenRenewal(issued: at(0), expiry: at(10_000), fetchedAt: at(0))
        var dues: [Int64] = []
        for _ in 0..<7 {
            renewal.pause(at: renewal.due ?? at(0))
            dues.append(renewal.due?.seconds ?? 0)
        }
        #expect(dues == [8_060, 8_180, 8_420, 8_900, 9_500, 10_000, 10_600])
    }
}

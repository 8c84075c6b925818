import MarketData
import MockMarket
import TestSupport
import Testing

@Suite("The past does not change")
struct StabilityTests {
    @Test(
        "the market of seed 1 is known: a change of its bytes is noticed",
        arguments: [
            (MockMarket.Hours.always, "1506288e4860d393"), (.exchange, "7a314dc8c93fc4ef"),
        ])
    func golden(hours: MockMarket.Hours, expected: String) throws {
        let now = Timestamp(milliseconds: try instant("2026-11-20 14:02").milliseconds + 345)
        let market = MockMarket.at(now, hours: hours)
        var print = Fingerprint()
        for ticker in ["NIFTY", "BANKNIFTY", "INDIAVIX", "NIFTY1!", "MOCK007"] {
            for interval in ["1s", "5m", "1h", "1d", "1M"] {
                let symbol = Symbol(exchange: "NSE", ticker: ticker)
                let request = BarRequest(symbol: symbol, interval: try Interval(interval), span: .count(50))
                try market.bars(request, at: now).bars.forEach { print.add($0) }
            }
        }
        print.add(try market.openInterest(of: .nifty, expiry: nil, at: now))
        #expect(print.text == expected)
    }

    @Test("two markets of one seed agree, in whatever order they are read, and two seeds do not")
    func seeds() throws {
        let now = try instant("2026-11-20 14:02")
        let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(400))
        let (first, second) = (MockMarket.at(now), MockMarket.at(now))
        _ = try second.bars(BarRequest(symbol: .nifty, interval: .oneDay, span: .count(30)), at: now)
        _ = try second.price(of: .nifty, at: try instant("2012-01-02 10:00"))
        #expect(try first.bars(request, at: now) == (try second.bars(request, at: now)))
        let other = try MockMarket.at(now, seed: 2).bars(request, at: now).bars
        #expect(try first.bars(request, at: now).bars.map(\.close) != other.map(\.close))
        let exchange = try MockMarket.at(now, hours: .exchange).bars(request, at: now).bars
        #expect(try first.bars(request, at: now).bars.last != exchange.last)
    }

    @Test("calls at different times agree on every final bar", arguments: ["1s", "1m", "45m", "1d", "1w"])
    func finals(interval: String) throws {
        var random = SeededGenerator(seed: 11)
        let start = try instant("2026-11-19 10:00")
        var known: [Timestamp: Bar] = [:]
        for hours in MockMarket.Hours.allCases {
            known.removeAll()
            for _ in 0..<12 {
                let now = Timestamp(milliseconds: start.milliseconds + Int64.random(in: 0...200_000, using: &random))
                let request = BarRequest(symbol: .nifty, interval: try Interval(interval), span: .count(40))
                let bars = try MockMarket.at(now, hours: hours).bars(request, at: now).bars
                for bar in bars where bar.isFinal {
                    if let before = known[bar.time] { #expect(before == bar) }
                    known[bar.time] = bar
                }
                #expect(bars.dropLast().allSatisfy { $0.isFinal })
            }
        }
    }

    @Test("times ascend, each once, with the newest last", arguments: ["13s", "5m", "1d", "2w", "1M"])
    func ascending(interval: String) throws {
        let now = try instant("2026-11-20 14:02")
        for hours in MockMarket.Hours.allCases {
            let request = BarRequest(symbol: .bankNifty, interval: try Interval(interval), span: .count(100))
            let bars = try MockMarket.at(now, hours: hours).bars(request, at: now).bars
            #expect(bars.count == 100)
            #expect(zip(bars, bars.dropFirst()).allSatisfy { $0.time < $1.time })
            #expect(bars.allSatisfy { $0.time <= now })
        }
    }
}

/// FNV-1a over the bytes of values.
struct Fingerprint {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    var text: String { String(hash, radix: 16) }

    mutating func add(_ bits: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) {
            hash = (hash ^ (bits >> UInt64(shift) & 0xff)) &* 0x100_0000_01b3
        }
    }

    mutating func add(_ bar: Bar) {
        add(UInt64(bitPattern: bar.time.milliseconds))
        for value in [bar.open, bar.high, bar.low, bar.close, bar.volume ?? -1, bar.openInterest ?? -1] {
            add(value.bitPattern)
        }
    }

    mutating func add(_ snapshot: OpenInterestSnapshot) {
        for strike in snapshot.strikes {
            for side in [strike.call, strike.put].compactMap({ $0 }) {
                for value in [side.openInterest, side.previous, side.last, side.volume, side.impliedVolatility] {
                    add((value ?? -1).bitPattern)
                }
            }
        }
    }
}

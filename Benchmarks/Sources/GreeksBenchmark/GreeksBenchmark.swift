import Foundation
import MarketData

/// Reckons implied volatilities and greeks of a chain of 100 strikes, call and put of each.
struct GreeksBenchmark {
    static let strikes = 100
    let repetitions: Int

    /// Prints the medians, and the slowest of a hundred best.
    func run() {
        let snapshot = chain()
        report("implied volatility and greeks") { snapshot.greeks(rate: 0.07).value?.strikes.count ?? 0 }
        report("the whole analysis, with skews, gamma exposure and flip") {
            ChainAnalysis(snapshot, rate: 0.07).gammaFlip.value == nil ? 0 : GreeksBenchmark.strikes
        }
        let known = snapshot.greeks(rate: 0.07).value?.strikes ?? []
        let sides = known.reduce(0) { $0 + ($1.call.value == nil ? 0 : 1) + ($1.put.value == nil ? 0 : 1) }
        print("\(snapshot.strikes.count) strikes, \(sides) of \(2 * snapshot.strikes.count) options with greeks")
    }

    private func report(_ name: String, _ work: () -> Int) {
        var times: [Double] = []
        var checked = 0
        for _ in 0..<repetitions {
            let start = ContinuousClock.now
            checked += work()
            times.append((ContinuousClock.now - start) / .microseconds(1))
        }
        times.sort()
        precondition(checked == repetitions * GreeksBenchmark.strikes, "the work was not done")
        print(
            "\(name): median \(Int(times[times.count / 2])) us, 99th percentile \(Int(times[times.count * 99 / 100])) us"
        )
    }

    /// Premiums on ticks of 0.05 around a forward of 25,010 with a smile, eight days before expiry; the far ones cost a
    /// tick, as they do.
    private func chain() -> OpenInterestSnapshot {
        let forward = 25_010.0
        let expiry = CalendarDate("2026-11-24") ?? CalendarDate(daysSinceEpoch: 0)
        let close = IndianTime.timestamp(expiry, ClockTime(hour: 15, minute: 40))
        let strikes = (0..<GreeksBenchmark.strikes).compactMap { index -> OptionStrike? in
            let price = 22_550.0 + 50 * Double(index)
            let distance = (price - forward) / forward
            let volatility = 0.13 - 0.3 * distance + 4 * distance * distance
            guard let strike = Strike(price),
                let model = Black76(forward: forward, strike: price, years: 8 / 365, rate: 0.07, volatility: volatility)
            else { return nil }
            func side(_ type: OptionType) -> OptionData {
                OptionData(
                    openInterest: 65 * Double(index + 1), last: max(0.05, (model.price(type) * 20).rounded() / 20),
                    volume: 650)
            }
            return OptionStrike(strike: strike, call: side(.call), put: side(.put))
        }
        return OpenInterestSnapshot(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), expiry: expiry, unit: .shares, lotSize: 65, spot: 25_000,
            strikes: strikes, listedStrikes: strikes.count,
            provenance: Provenance(
                source: .mock, feed: nil, mode: .simulated, delaySeconds: nil,
                asOf: close.advanced(bySeconds: -8 * 86_400)))
    }
}

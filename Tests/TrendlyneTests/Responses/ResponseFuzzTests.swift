import JSON
import MarketData
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Damaged responses of Trendlyne")
struct ResponseFuzzTests {
    @Test("give strikes in order, each once, or an error")
    func chains() {
        var fuzzing = Fuzzing(
            seed: 20_261_129,
            corpus: [ChainText().body, PricedChainText().body].map { ChainText.response($0) })
        fuzzing.run { bytes in
            let response = response(String(decoding: bytes, as: UTF8.self))
            guard let body = try? Envelope.body(of: response) else { return }
            let live = (try? LiveOpenInterest(body)) ?? nil
            let strikes = live?.rows.map(\.strike) ?? []
            #expect(zip(strikes, strikes.dropFirst()).allSatisfy { $0 < $1 })
            let priced = (try? PricedChain(body)) ?? nil
            let others = priced?.rows.map(\.strike) ?? []
            #expect(zip(others, others.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test("give lists of intervals, expiries and underlyings, or an error")
    func lists() {
        var fuzzing = Fuzzing(
            seed: 8,
            corpus: [
                #"{"expiryDates":["2026-11-24","2026-12-01"],"default_expiry_date":"2026-11-24"}"#,
                #"{"data":{"all_exp_list":["2026-11-24"]}}"#,
                #"{"data_v2":[{"interval":"09:15 TO 09:20","close_price":101.5,"open_interest":6500,"oi_change":65}]}"#,
                #"{"data":[{"id":1887,"stock_code":"NIFTY"}]}"#,
            ].map { ChainText.response($0) })
        fuzzing.run { bytes in
            guard let body = try? Envelope.body(of: response(String(decoding: bytes, as: UTF8.self))) else { return }
            let listed = try? ListedExpiries.ofExpiryDates(body)
            #expect(listed.map { $0.dates == $0.dates.sorted() } ?? true)
            _ = try? ListedExpiries.ofContractSearch(body)
            _ = try? BuildUpInterval.list(body)
            _ = try? TrendlyneStock.list(body)
        }
    }
}

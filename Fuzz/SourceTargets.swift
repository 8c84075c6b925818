import JSON
import MarketData
import SourceHTTP

@testable import NSE
@testable import TradingView
@testable import Trendlyne

extension FuzzTarget {
    static let sourceTargets = [
        FuzzTarget(name: "trendlyne", read: readTrendlyne),
        FuzzTarget(name: "nse", read: readChains),
        FuzzTarget(name: "nse-files", read: readArchiveFiles),
        FuzzTarget(name: "nse-zip", read: readZip),
        FuzzTarget(name: "search", read: readSearch),
    ]

    private static func readTrendlyne(_ input: [UInt8]) throws {
        let response = SourceResponse(status: 200, contentType: "application/json", body: input)
        guard let body = try? Envelope.body(of: response) else { return }
        if let live = (try? LiveOpenInterest(body)) ?? nil { try requireRising(live.rows.map(\.strike), "strikes") }
        if let priced = (try? PricedChain(body)) ?? nil { try requireRising(priced.rows.map(\.strike), "strikes") }
        if let listed = try? ListedExpiries.ofExpiryDates(body) {
            try require(listed.dates == listed.dates.sorted(), "expiries are not in order")
        }
        _ = try? ListedExpiries.ofContractSearch(body)
        _ = try? BuildUpInterval.list(body)
        _ = try? TrendlyneStock.list(body)
    }

    private static func readChains(_ input: [UInt8]) throws {
        guard let fields = JSONFields(parsing: input, path: "response"), let expiry = CalendarDate("2026-11-24") else {
            return
        }
        for generation in ChainGeneration.allCases {
            let chain = try? generation.chain(in: fields, code: "NIFTY", expiry: expiry)
            if let chain { try requireRising(chain.rows.map(\.strike), "strikes") }
        }
        _ = try? ListedContracts(fields, code: "NIFTY")
    }

    private static func readArchiveFiles(_ input: [UInt8]) throws {
        if let bhavcopy = try? Bhavcopy(csv: input) {
            let expiries = bhavcopy.expiries(of: Symbol(exchange: "NSE", ticker: "NIFTY"))
            try require(expiries == expiries.sorted(), "expiries are not in order")
        }
        _ = try? MarketLots(csv: input)
    }

    private static func readZip(_ input: [UInt8]) throws { _ = try? ZipFile(input).content() }

    private static func readSearch(_ input: [UInt8]) throws {
        if let page = SearchResponse(input) {
            for instrument in page.symbols.flatMap(\.instruments) {
                try require(!instrument.symbol.ticker.isEmpty, "an instrument has no ticker")
            }
        }
        _ = ScannerResponse(input)
    }
}

import BenchmarkMarket
import Foundation
import MarketData
import MarketStore

/// Writes and reads one-minute bars of NSE sessions on disk.
struct StoreBenchmark {
    let days: Int
    let repetitions: Int
    let parent: String

    private let key = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), interval: .oneMinute)
    private let start = InventedMarket.start

    func run() async throws {
        try await writing()
        try await reading()
    }

    /// 200,000 bars in batches of 5,000: new ones, the same again, the same from a newer response.
    private func writing() async throws {
        let bars = Array(market(sessions: 540).prefix(200_000))
        var values: [String: [Double]] = [:]
        for _ in 0..<repetitions {
            try await withFolder { folder in
                let store = try SQLiteMarketStore.open(folder: folder)
                let steps: [(String, Int64)] = [
                    ("new", 0), ("the same responses again", 0), ("confirmed by newer responses", 1),
                ]
                for (name, age) in steps {
                    let seconds = try await measure { try await write(bars, age: age, to: store) }
                    values[name, default: []].append(Double(bars.count) / seconds)
                }
            }
        }
        for (name, rates) in values.sorted(by: { $0.key > $1.key }) {
            print("write, batches of 5,000, \(name): \(Int(median(rates))) bars/s")
        }
    }

    private func reading() async throws {
        let bars = market(sessions: days)
        try await withFolder { folder in
            let seconds = try await measure {
                try await write(bars, age: 0, to: try SQLiteMarketStore.open(folder: folder))
            }
            // The store is closed by now, and its log folded into the file.
            let bytes = try size(of: folder)
            let store = try SQLiteMarketStore.open(folder: folder, access: .reading)
            print("load \(bars.count) bars: \(Int(Double(bars.count) / seconds)) bars/s")
            print("bytes per bar: \((Double(bytes) / Double(bars.count) * 10).rounded() / 10)")
            guard let middle = bars.dropFirst(bars.count / 2).first?.time else { return }
            let spans: [(String, Int64)] = [("a day", 1), ("a year", 365)]
            for (name, days) in spans {
                let range = TimeRange(from: middle, to: middle.advanced(bySeconds: days * 86_400))
                var count = 0
                var times: [Double] = []
                for _ in 0..<repetitions * 4 {
                    times.append(try await measure { count = try await store.bars(of: key, in: range).bars.count })
                }
                print("read \(name), \(count) bars: \(milliseconds(median(times)))")
            }
            let year = TimeRange(from: middle, to: middle.advanced(bySeconds: 365 * 86_400))
            let resampler = try BarResampler(from: .oneMinute, to: .oneHour, calendar: .nse)
            var hours = 0
            var times: [Double] = []
            for _ in 0..<repetitions * 4 {
                times.append(
                    try await measure {
                        let minutes = try await store.bars(of: key, in: year).bars
                        hours = try resampler.resample(minutes, asOf: year.to).bars.count
                    })
            }
            print("read a year and resample it to 1h, \(hours) bars: \(milliseconds(median(times)))")
            let all = TimeRange(from: start, to: bars.last.map { $0.time.advanced(bySeconds: 60) } ?? start)
            var missing = 0
            let gaps = try await measure {
                let survey = try await SeriesSurvey(
                    of: key, over: all, in: store, boundaries: InventedMarket.boundaries, now: all.to)
                missing = survey.spans.count { $0.state == .missing }
            }
            print("survey all of it (\(missing) missing): \(milliseconds(gaps))")
            print("peak memory: \(ProcessMemory.peak) MiB")
        }
    }

    private func write(_ bars: [Bar], age: Int64, to store: SQLiteMarketStore) async throws {
        let asOf = start.advanced(bySeconds: 20 * 365 * 86_400 + age)
        let provenance = Provenance(
            source: .tradingview, feed: "NSE:NIFTY", mode: .streaming, delaySeconds: 0, asOf: asOf)
        for batch in stride(from: 0, to: bars.count, by: 5_000) {
            let part = Array(bars[batch..<min(batch + 5_000, bars.count)])
            guard let first = part.first, let last = part.last else { continue }
            let range = TimeRange(from: first.time, to: last.time.advanced(bySeconds: 60))
            let coverage = CoverageMap([CoverageSpan(range, .hasData)])
            try await store.write(BarRun(key: key, bars: part, provenance: provenance, coverage: coverage))
        }
    }

    private func market(sessions: Int) -> [Bar] { Array(InventedMarket(sessions: sessions)) }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = "\(parent)/bhav-benchmark-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func measure(_ body: () async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await body()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private func milliseconds(_ seconds: Double) -> String { "\((seconds * 100_000).rounded() / 100) ms" }

    private func size(of folder: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/market.sqlite")
        return attributes[.size] as? Int ?? 0
    }
}

import BenchmarkMarket
import Foundation
import MarketData
import MarketStore

/// Loads symbol after symbol and watches the memory.
struct MemoryBenchmark {
    let symbols: Int
    let sessions: Int
    let folder: String

    func run() async throws {
        let store = try SQLiteMarketStore.open(folder: folder)
        let start = ContinuousClock.now
        print("symbols,bars,seconds,fileMiB,residentMiB,peakMiB")
        for number in 1...symbols {
            let key = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "SYM\(number)"), interval: .oneMinute)
            let written = try await load(key, number, into: store)
            let missing = try await survey(key, through: written.last, in: store)
            let read = try await store.bars(of: key, in: .always).bars.count
            guard read == written.count, missing == 0 else { throw Fault(key: key, read: read, missing: missing) }
            if number == 1 || number % 10 == 0 || number == symbols { report(number, written.count, since: start) }
        }
    }

    private func load(
        _ key: SeriesKey, _ number: Int, into store: SQLiteMarketStore
    ) async throws -> (count: Int, last: Timestamp) {
        var batch: [Bar] = []
        var (count, last) = (0, InventedMarket.start)
        for bar in InventedMarket(sessions: sessions, seed: UInt64(number)) {
            batch.append(bar)
            last = bar.time
            guard batch.count == 5_000 else { continue }
            count += try await write(&batch, key, into: store)
        }
        count += try await write(&batch, key, into: store)
        return (count, last)
    }

    private func write(_ batch: inout [Bar], _ key: SeriesKey, into store: SQLiteMarketStore) async throws -> Int {
        guard let first = batch.first, let last = batch.last else { return 0 }
        let provenance = Provenance(
            source: .tradingview, feed: key.symbol.description, mode: .streaming, delaySeconds: 0,
            asOf: InventedMarket.start.advanced(bySeconds: 20 * 365 * 86_400))
        let range = TimeRange(from: first.time, to: last.time.advanced(bySeconds: 60))
        let run = BarRun(
            key: key, bars: batch, provenance: provenance, coverage: CoverageMap([CoverageSpan(range, .hasData)]))
        batch.removeAll(keepingCapacity: true)
        return try await store.write(run).inserted
    }

    private func survey(_ key: SeriesKey, through last: Timestamp, in store: SQLiteMarketStore) async throws -> Int {
        let all = TimeRange(from: InventedMarket.start, to: last.advanced(bySeconds: 60))
        let survey = try await SeriesSurvey(
            of: key, over: all, in: store, boundaries: InventedMarket.boundaries, now: all.to)
        return survey.spans.count { $0.state == .missing }
    }

    private func report(_ number: Int, _ bars: Int, since start: ContinuousClock.Instant) {
        let seconds = Int((ContinuousClock.now - start) / .seconds(1))
        let file = try? FileManager.default.attributesOfItem(atPath: "\(folder)/market.sqlite")[.size] as? Int
        print("\(number),\(bars),\(seconds),\((file ?? 0) >> 20),\(ProcessMemory.now),\(ProcessMemory.peak)")
        fflush(nil)
    }

    private struct Fault: Error {
        let key: SeriesKey
        let read: Int
        let missing: Int
    }
}

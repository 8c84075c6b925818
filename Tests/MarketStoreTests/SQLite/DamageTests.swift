import Foundation
import GRDB
import MarketData
import TestSupport
import Testing

@testable import MarketStore

@Suite("a damaged file")
struct DamageTests {
    /// How many bytes are changed, one at a time; `BHAV_CORRUPTIONS=50` for the large run.
    private static let count = ProcessInfo.processInfo.environment["BHAV_CORRUPTIONS"].flatMap(Int.init) ?? 5

    private static let other = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "BANKNIFTY"), interval: .oneMinute)

    /// A closed store with bars, coverage, revisions, open interest, and pages that hold nothing any more.
    private func fill(_ folder: TemporaryFolder) async throws -> [SeriesKey: [Bar]] {
        let store = try SQLiteMarketStore.open(folder: folder.path)
        var truth: [SeriesKey: [Bar]] = [:]
        for key in [Moments.key, Self.other] {
            let bars = (0..<4_000).map { Moments.bar(Moments.time($0)) }
            try await store.write(BarRun(key: key, bars: bars, provenance: Moments.provenance()))
            truth[key] = bars
        }
        let gone = SeriesKey(symbol: Moments.key.symbol, interval: .fiveMinutes)
        try await store.write(
            BarRun(
                key: gone, bars: (0..<2_000).map { Moments.bar(Moments.time($0 * 5)) }, provenance: Moments.provenance()
            ))
        try await store.removeBars(of: gone, before: Moments.time(20_000))
        return truth
    }

    @Test("the check finds any changed byte, and no changed bar is served")
    func changedByte() async throws {
        let folder = try TemporaryFolder()
        let truth = try await fill(folder)
        let path = folder.file("market.sqlite")
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(PageChecksums.Header(path: path)?.hasChecksums == true)
        #expect(PageChecksums.damagedPages(path: path).isEmpty)
        var random = SeededGenerator(seed: 13)
        // Each byte of the header is tried too: SQLite reads it before any page.
        let places =
            (0..<Self.count).map { _ in Int.random(in: 0..<whole.count, using: &random) }
            + (Self.count > 5 ? Array(0..<100) : [17, 18, 20, 60, 68])
        for place in places {
            var damaged = whole
            damaged[place] ^= UInt8.random(in: 1...255, using: &random)
            try damaged.write(to: URL(fileURLWithPath: path))
            for file in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + file) }
            do {
                let store = try SQLiteMarketStore.open(folder: folder.path)
                #expect(try await !store.check().isEmpty, "byte \(place)")
                for (key, bars) in truth {
                    guard let served = try? await store.bars(of: key, in: .always).bars else { continue }
                    #expect(served == bars, "byte \(place)")
                }
            } catch let error {
                #expect(error.code == .corrupt || error.code == .newerVersion || error.code == .cannotOpen, "\(place)")
            }
        }
    }

    @Test("a killed process leaves an intact file with all acknowledged bars")
    func unclosed() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteMarketStore.open(folder: folder.path)
        let bars = (0..<500).map { Moments.bar(Moments.time($0)) }
        try await store.write(BarRun(key: Moments.key, bars: bars, provenance: Moments.provenance()))
        // What the disk holds now is what a killed process leaves: most of it in the write-ahead log.
        let left = try TemporaryFolder()
        for file in ["market.sqlite", "market.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: folder.file(file), toPath: left.file(file))
        }
        let reader = try SQLiteMarketStore.open(folder: left.path, access: .reading)
        #expect(try await reader.bars(of: Moments.key, in: .always).bars == bars)
        let writer = try SQLiteMarketStore.open(folder: left.path)
        #expect(try await writer.check().isEmpty)
        #expect(try await writer.bars(of: Moments.key, in: .always).bars == bars)
    }

    @Test("a file of an earlier version gets checksums and keeps its data")
    func formerFile() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("market.sqlite")
        let queue = try DatabaseQueue(path: path)
        try StoreMigrator.migrator.migrate(queue, upTo: "0009 generations")
        try queue.close()
        #expect(PageChecksums.Header(path: path)?.hasChecksums == false)
        do {
            let store = try SQLiteMarketStore.open(folder: folder.path)
            try await store.write(
                BarRun(key: Moments.key, bars: [Moments.bar(Moments.time(0))], provenance: Moments.provenance()))
            #expect(try await store.check().isEmpty)
        }
        #expect(PageChecksums.Header(path: path)?.hasChecksums == true)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!names.contains { $0.contains(PageChecksums.copySuffix) })
        let store = try SQLiteMarketStore.open(folder: folder.path)
        #expect(try await store.bars(of: Moments.key, in: .always).bars.count == 1)
        let copy = folder.file("backup.sqlite")
        try await store.backUp(to: copy)
        #expect(PageChecksums.Header(path: copy)?.hasChecksums == true)
        #expect(PageChecksums.damagedPages(path: copy).isEmpty)
    }
}

@Suite("one trading day, one bar")
struct TradingDayTests {
    private static let share = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "RELIANCE"), interval: .oneDay)
    private static let foreign = SeriesKey(symbol: Symbol(exchange: "NASDAQ", ticker: "AAPL"), interval: .oneDay)

    private func bar(_ time: Int64, close: Double) -> Bar {
        Bar(time: Timestamp(seconds: time), open: 10, high: 20, low: 5, close: close, volume: 1, isFinal: true)
    }

    private func file(age: Int64 = 0) -> Provenance {
        var provenance = Moments.provenance(age: age)
        provenance = Provenance(
            source: .store, feed: "import:a.csv", mode: .recorded, delaySeconds: nil, asOf: provenance.asOf)
        return provenance
    }

    // 2026-07-01: its date, and the openings of NASDAQ (13:30 UTC) and NSE (03:45 UTC).
    private static let date: Int64 = 1_782_864_000

    @Test(
        "a fetched bar replaces an imported one of its date, in any order", arguments: [true, false])
    func importAndFetch(fileFirst: Bool) async throws {
        for (key, opening) in [(Self.foreign, 13 * 3600 + 1800), (Self.share, 3 * 3600 + 2700)] as [(SeriesKey, Int64)]
        {
            let store = try SQLiteMarketStore.inMemory()
            let imported = BarRun(key: key, bars: [bar(Self.date, close: 11)], provenance: file())
            let fetched = BarRun(
                key: key, bars: [bar(Self.date + opening, close: 12)], provenance: Moments.provenance(age: 10))
            for run in fileFirst ? [imported, fetched] : [fetched, imported] { try await store.write(run) }
            let bars = try await store.bars(of: key, in: .always).bars
            #expect(bars.map(\.time.seconds) == [Self.date + opening])
            #expect(try await store.check().isEmpty)
        }
    }

    @Test("the check reports two bars of one day, week or month")
    func found() async throws {
        let store = try SQLiteMarketStore.inMemory()
        for interval in ["1d", "1w", "1M"] {
            let key = SeriesKey(symbol: Self.foreign.symbol, interval: try Interval(interval))
            // As a former version could write them.
            for (time, age) in [(Self.date, Int64(0)), (Self.date + 48_600, 5)] {
                try await store.write(
                    BarRun(key: key, bars: [bar(time, close: 11)], provenance: Moments.provenance(age: age)))
            }
        }
        #expect(try await store.check().count == 3)
    }
}

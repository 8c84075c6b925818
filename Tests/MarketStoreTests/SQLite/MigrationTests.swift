import GRDB
import MarketData
import Testing

@testable import MarketStore

@Suite("stores of earlier versions")
struct MigrationTests {
    private static let other = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "BANKNIFTY"), interval: .oneMinute)

    /// Makes a store as a former version left it, with the content of a recipe, and opens it with this one.
    private func opened(
        from version: String, _ recipe: String, in folder: TemporaryFolder
    ) throws -> SQLiteMarketStore {
        let queue = try DatabaseQueue(path: folder.file("market.sqlite"))
        try StoreMigrator.migrator.migrate(queue, upTo: version)
        try queue.write { db in try db.execute(sql: recipe) }
        try queue.close()
        return try SQLiteMarketStore.open(folder: folder.path)
    }

    private static func bars(series: Int, run: Int, _ minutes: Range<Int>, price: Double = 100) -> String {
        minutes.map { minute in
            "(\(series), \(Moments.time(minute).milliseconds), \(price), \(price + 2), \(price - 1), "
                + "\(price + 1), 10, NULL, \(run), 1)"
        }.joined(separator: ",\n")
    }

    private static func span(_ series: Int, _ minutes: Range<Int>, _ state: String) -> String {
        let range = Moments.range(minutes)
        return "(\(series), \(range.from.milliseconds), \(range.to.milliseconds), '\(state)')"
    }

    private static func expected(_ minutes: Range<Int>, price: Double = 100) -> [Bar] {
        minutes.map { minute in
            Bar(
                time: Moments.time(minute), open: price, high: price + 2, low: price - 1, close: price + 1, volume: 10,
                isFinal: true)
        }
    }

    private static let common = """
        INSERT INTO origin VALUES (1, 'tradingview', 'NSE:NIFTY', 'streaming', 0);
        INSERT INTO origin VALUES (2, 'nse', NULL, 'endOfDay', NULL);
        INSERT INTO series (id, symbol, interval, hours, adjustment, back_adjusted) VALUES (1, 'NSE:NIFTY', '1m', 'regular', 'splits', 0);
        INSERT INTO series (id, symbol, interval, hours, adjustment, back_adjusted) VALUES (2, 'NSE:BANKNIFTY', '1m', 'regular', 'splits', 0);
        INSERT INTO run VALUES (1, 1, 1, 1782900000000, 30);
        INSERT INTO run VALUES (2, 2, 1, 1782900000000, 10);
        INSERT INTO bar VALUES \(bars(series: 1, run: 1, 0..<30));
        INSERT INTO bar VALUES \(bars(series: 2, run: 2, 0..<10));
        INSERT INTO revision VALUES (2, \(Moments.time(3).milliseconds), 1782890000000, 2, 1, 2, 1, 1, NULL, NULL);
        INSERT INTO coverage VALUES \(span(2, 0..<10, "had")), \(span(2, 10..<12, "no_trades")),
            \(span(2, -20..<(-10), "before_history"));
        """

    @Test(
        "every version opens, keeps its bars, revisions and coverage, and passes the check",
        arguments: [
            "0001 bars", "0002 open interest", "0003 recording", "0004 retention", "0005 jobs", "0006 instruments",
            "0007 price changes", "0008 outdated bars", "0009 generations",
        ])
    func everyVersion(version: String) async throws {
        let folder = try TemporaryFolder()
        let store = try opened(from: version, Self.common, in: folder)
        #expect(try await store.check().isEmpty)
        #expect(try await store.bars(of: Moments.key, in: .always).bars == Self.expected(0..<30))
        let other = try await store.bars(of: Self.other, in: .always)
        #expect(other.bars == Self.expected(0..<10))
        #expect(other.stretches.map(\.provenance.source) == [.tradingview])
        #expect(try await store.revisions(of: Self.other).map(\.provenance.source) == [.nse])
        #expect(
            try await store.coverage(of: Self.other).spans == [
                CoverageSpan(Moments.range(-20..<(-10)), .empty(.beforeHistory)),
                CoverageSpan(Moments.range(0..<10), .hasData), CoverageSpan(Moments.range(10..<12), .empty(.noTrades)),
            ])
        #expect(try await store.series().map(\.formerBars) == [0, 0])
        #expect(try await store.generation(of: Moments.key) == 0)
    }

    /// A split was seen at minute 20: 0 to 9 and 12 to 14 were not fetched again, 10 and 11 had no trades, and the
    /// rest is of after it, partly of another run.
    private static let split = """
        INSERT INTO run VALUES (3, 1, 2, 1782990000000, 15);
        UPDATE run SET bars = 13 WHERE id = 1;
        DELETE FROM bar WHERE series = 1 AND time IN (
            \(Moments.time(10).milliseconds), \(Moments.time(11).milliseconds));
        UPDATE bar SET open = 50, high = 52, low = 49, close = 51, run = 3
            WHERE series = 1 AND time >= \(Moments.time(15).milliseconds);
        INSERT INTO coverage VALUES \(span(1, 0..<10, "outdated")), \(span(1, 10..<12, "no_trades")),
            \(span(1, 12..<15, "outdated")), \(span(1, 15..<30, "had")), \(span(1, -100..<0, "retention"));
        INSERT INTO retention VALUES ('1d', 86400);
        INSERT INTO job VALUES (1, 1782900000000, 7);
        INSERT INTO job_item VALUES (
            1, 1, 'NSE:NIFTY', '1m', 'regular', 'splits', 0, 1782877500000, NULL, 'complete', 1782900000000, 5, 1, 0,
            NULL);
        INSERT INTO instrument VALUES (
            'NSE:NIFTY', 'Nifty 50', 'index', 'INR', 'IN', 'Asia/Kolkata', '0915-1530', 0, 100, 5);
        INSERT INTO chain VALUES (1, 'NSE:NIFTY', 20000, 'nse');
        INSERT INTO snapshot VALUES (1, 1, 1782900000000, 2, 'contracts', 75, 25000, 1);
        INSERT INTO strike (snapshot, strike, sides, call_open_interest) VALUES (1, 250000000, 1, 12.5);
        INSERT INTO watch VALUES (1, 'NSE:NIFTY', 20000, 1782890000000, 1782900000000, 'watched');
        """

    @Test("stale bars become a former generation")
    func stale() async throws {
        let folder = try TemporaryFolder()
        let store = try opened(from: "0008 outdated bars", Self.common + Self.split, in: folder)
        #expect(try await store.check().isEmpty)
        #expect(try await store.bars(of: Moments.key, in: .always).bars == Self.expected(15..<30, price: 50))
        let former = try await store.formerBars(of: Moments.key, in: .always, limit: .max)
        #expect(former.bars == Self.expected(0..<10) + Self.expected(12..<15))
        #expect(former.stretches.map(\.provenance.asOf.milliseconds) == [1_782_900_000_000])
        let coverage = try await store.coverage(of: Moments.key)
        #expect(coverage.unknown(in: Moments.range(0..<30)) == [Moments.range(0..<10), Moments.range(12..<15)])
        #expect(coverage.state(at: Moments.time(10)) == .empty(.noTrades))
        #expect(coverage.state(at: Moments.time(-1)) == .removed)
        #expect(try await store.generation(of: Moments.key) == 1)
        #expect(try await store.series().map(\.bars) == [10, 15])
        #expect(try await store.series().map(\.formerBars) == [0, 13])
        // Fetched again, the former bars go.
        let again = BarRun(
            key: Moments.key, bars: Self.expected(0..<16, price: 50), provenance: Moments.provenance(age: 90_000))
        #expect(try await store.admit(again, if: Admission.Condition(generation: 1)).verdict == .appended)
        #expect(try await store.formerBars(of: Moments.key, in: .always, limit: .max).bars.isEmpty)
        #expect(try await store.check().isEmpty)
    }

    @Test("jobs, instruments, retention, open interest and watches are kept")
    func others() async throws {
        let folder = try TemporaryFolder()
        let store = try opened(from: "0008 outdated bars", Self.common + Self.split, in: folder)
        let counts = try await store.database.read { db in
            try ["job", "job_item", "instrument", "retention", "chain", "snapshot", "strike", "watch", "origin"].map {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)")
            }
        }
        #expect(counts == [1, 1, 1, 1, 1, 1, 1, 1, 2])
        #expect(try await store.retentionPolicy().seconds == [.oneDay: 86_400])
        #expect(try await store.instrument(of: Moments.key.symbol)?.session == "0915-1530")
    }

    /// `NSE:M_M` has minutes 20 to 39 of a newer run, and what each recipe says beside it.
    private static func names(_ more: String) -> String {
        """
        INSERT INTO series (id, symbol, interval, hours, adjustment, back_adjusted)
            VALUES (7, 'NSE:M&M', '1m', 'regular', 'splits', 0), (8, 'NSE:M_M', '1m', 'regular', 'splits', 0),
            (9, 'NSE:BAJAJ-AUTO', '1m', 'regular', 'splits', 0);
        INSERT INTO run VALUES (7, 7, 1, 1782900000000, 30), (8, 8, 1, 1782990000000, 20), (9, 9, 1, 1782900000000, 5);
        INSERT INTO bar VALUES \(bars(series: 8, run: 8, 20..<40));
        INSERT INTO bar VALUES \(bars(series: 9, run: 9, 0..<5));
        INSERT INTO coverage VALUES \(span(7, 0..<30, "had")), \(span(8, 20..<40, "had"));
        INSERT INTO instrument (symbol, session) VALUES ('NSE:M&M', '0915-1530');
        INSERT INTO chain VALUES (5, 'NSE:M&M', 20000, 'nse'), (6, 'NSE:M_M', 20000, 'nse');
        INSERT INTO snapshot VALUES (5, 5, 1782900000000, 2, 'contracts', 75, 25000, 1);
        INSERT INTO snapshot VALUES (6, 6, 1782900001000, 2, 'contracts', 75, 25000, 1);
        \(more)
        """
    }

    @Test("two names of one share with one price adjustment become one series")
    func twoNames() async throws {
        let folder = try TemporaryFolder()
        let store = try opened(
            from: "0009 generations",
            Self.common + Self.names("INSERT INTO bar VALUES \(Self.bars(series: 7, run: 7, 0..<30));"), in: folder)
        let share = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "M_M"), interval: .oneMinute)
        #expect(try await store.bars(of: share, in: .always).bars == Self.expected(0..<40))
        #expect(try await store.coverage(of: share).spans == [CoverageSpan(Moments.range(0..<40), .hasData)])
        #expect(
            try await store.series().map(\.key.symbol.ticker) == ["BAJAJ_AUTO", "BANKNIFTY", "M_M", "NIFTY"])
        #expect(try await store.instrument(of: share.symbol)?.session == "0915-1530")
        let expiry = CalendarDate(daysSinceEpoch: 20_000)
        #expect(try await store.expiries(of: share.symbol) == [expiry])
        let stamps = try await store.stamps(of: share.symbol, expiry: expiry, in: .always)
        #expect(stamps.count == 2)
        #expect(try await store.check().isEmpty)
    }

    @Test("two names with different price adjustments become one series that serves the newer")
    func twoLevels() async throws {
        let folder = try TemporaryFolder()
        let store = try opened(
            from: "0009 generations",
            Self.common + Self.names("INSERT INTO bar VALUES \(Self.bars(series: 7, run: 7, 0..<30, price: 200));"),
            in: folder)
        let share = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "M_M"), interval: .oneMinute)
        #expect(try await store.bars(of: share, in: .always).bars == Self.expected(20..<40))
        #expect(try await store.generation(of: share) == 1)
        #expect(
            try await store.formerBars(of: share, in: .always, limit: .max).bars == Self.expected(0..<20, price: 200))
        #expect(try await store.check().isEmpty)
    }
}

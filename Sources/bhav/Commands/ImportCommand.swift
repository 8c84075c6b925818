public import ArgumentParser
import BhavApp
import Foundation
import MarketData
public import MarketFormats
import MarketHistory
import MarketStore

extension DecimalMark: ExpressibleByArgument {}

/// `bhav import`: bars of a file into the store.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import the bars of a file into the store.",
        discussion: """
            Reads csv (comma, semicolon, tab), JSON and ndjson, as bhav, Kite, OpenAlgo, yfinance, NSE, TradingView, \
            investing.com, DuckDB, ccxt and others write them. Columns are found by their names; those that are not \
            bars are ignored and named. Times are numbers since 1970 or text; without a zone they are the exchange's. \
            Ambiguous dates are rejected: use --date-format.

            The whole file is read before anything is stored. An invalid row is an error with its line, or with \
            --skip-invalid it is skipped and counted. Without a column final, all bars are final but the last. The \
            file replaces the values of bars that are stored already. A file with another price adjustment (a split) is \
            refused where the store has newer bars.

            bhav import nifty.csv --symbol NSE:NIFTY --interval 5m
            bhav import prices.csv --symbol NSE:TCS -i 1d --date-format dd/mm/yyyy --skip-invalid
            bhav export NIFTY -i 1d --format ndjson | bhav import - --symbol NIFTY -i 1d
            """
    )

    @Argument(help: "File to read; - for standard input.")
    var file: String

    @Option(name: .long, help: "Symbol whose bars the file holds.")
    var symbol: String

    @Option(name: .shortAndLong, help: "Length of a bar.")
    var interval: Interval

    @Option(
        name: .long,
        help: "Columns in order (time,open,high,low,close,-,volume), or by name (close=LTP,volume=Traded Qty).")
    var columns: String?

    @Option(name: .long, help: "Format of the dates, such as dd/mm/yyyy or '%d-%m-%Y %H:%M'.")
    var dateFormat: String?

    @Option(name: .long, help: "Decimal mark of the numbers (default: decided by the numbers).")
    var decimal: DecimalMark?

    @Option(name: .long, help: "Time zone of times without one, such as UTC (default: the exchange's).")
    var timeZone: String?

    @Flag(name: .long, help: "Skip and count the rows that cannot be read.")
    var skipInvalid = false

    @Option(name: .long, help: "Trading hours of the bars.")
    var session = TradingHours.regular

    @Option(name: .long, help: "Adjustment of past prices.")
    var adjustment = Adjustment.splits

    @Flag(name: .long, help: "The file is adjusted for the rolls of a continuous future.")
    var backAdjust = false

    @Flag(name: .long, help: "The file holds every bar there was from its first to its last.")
    var complete = false

    @OptionGroup var market: MarketOptions

    private struct Order: Sendable {
        let key: SeriesKey
        let options: BarFileOptions
        let zone: TimeZone?
    }

    func run() async throws {
        let (file, complete) = (file, complete)
        try await market.withStore(.writing, reading: { try order() }) { store, configuration, order in
            let now = SystemClock.now()
            let key = order.key
            let boundaries = try await configuration.calendars.boundaries(of: key, in: store)
            let series = BarFileSeries(
                symbol: key.symbol, interval: key.interval, instrument: try await store.instrument(of: key.symbol),
                boundaries: boundaries, zone: order.zone, now: now)
            let input = try InputFile(file)
            let contents = try CommandFailure.namingFile(input.name) { () throws(ImportFault) in
                try BarFileReader(series: series, options: order.options).read(input.bytes)
            }
            let provenance = Provenance(
                source: .store, feed: "import:\(input.name)",
                mode: configuration.useMockData ? .simulated : .recorded, delaySeconds: nil, asOf: now)
            let outcome = try await BarImport(key: key, provenance: provenance, isComplete: complete)
                .run(contents, into: store, boundaries: boundaries)
            for note in contents.notes { Console.say("bhav: \(input.name): \(note)") }
            ImportCommand.report(contents.skipped, input.name)
            Console.say("bhav: \(key.symbol) \(key.interval): \(outcome)")
        }
    }

    private static func report(_ skipped: [ImportFault], _ name: String) {
        guard !skipped.isEmpty else { return }
        let most = 10
        for fault in skipped.prefix(most) {
            Console.say("bhav: \(name)\(fault.line.map { ", line \($0)" } ?? ""): \(fault.message)")
        }
        let more = skipped.count > most ? ", of which \(most) are named" : ""
        Console.say("bhav: \(name): \(skipped.count) \(skipped.count == 1 ? "row" : "rows") skipped\(more)")
    }

    private func order() throws -> Order {
        let key = SeriesKey(
            symbol: try SymbolName.symbol(symbol), interval: interval, hours: session, adjustment: adjustment,
            backAdjusted: backAdjust)
        let options: BarFileOptions
        do throws(ImportFault) {
            options = try BarFileOptions(
                columns: columns, dateFormat: dateFormat, decimal: decimal, skipsInvalid: skipInvalid)
        } catch {
            throw MarketDataError.badRequest(error.message)
        }
        let zone = try timeZone.map { name in
            guard let zone = TimeZone(identifier: name) else {
                throw MarketDataError.badRequest(
                    "--time-zone '\(name.prefix(60))' is not known; use a name such as Asia/Kolkata or UTC")
            }
            return zone
        }
        return Order(key: key, options: options, zone: zone)
    }
}

/// The bytes of a file that a command reads, or of standard input.
struct InputFile {
    /// The name without its folder, or `standard input`.
    let name: String
    let bytes: [UInt8]

    /// - Parameter path: `-` for standard input.
    /// - Throws: `CommandFailure` where it cannot be read.
    init(_ path: String) throws {
        do {
            guard path != "-" else {
                name = "standard input"
                bytes = Array(try FileHandle.standardInput.read(upToCount: ImportText.largest + 1) ?? Data())
                return
            }
            let url = URL(fileURLWithPath: path)
            name = url.lastPathComponent
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }
            bytes = Array(try handle.read(upToCount: ImportText.largest + 1) ?? Data())
        } catch {
            throw CommandFailure(message: "cannot read '\(path)'; check the name and the permissions", exitCode: .usage)
        }
    }
}

extension CommandFailure {
    /// Reads a file; a fault of it names the file and the line.
    static func namingFile<Value>(_ name: String, _ work: () throws(ImportFault) -> Value) throws -> Value {
        do {
            return try work()
        } catch {
            let place = error.line.map { "\(name), line \($0)" } ?? name
            throw CommandFailure(message: "\(place): \(error.message); nothing was stored", exitCode: .unreadable)
        }
    }
}

/// Takes the bars of a file into the store, in batches.
struct BarImport {
    private static let batch = 5_000

    let key: SeriesKey
    let provenance: Provenance
    /// Whether the file holds every bar there was from its first to its last.
    let isComplete: Bool

    /// Stores the bars. Where the file does not say which bars are final all but the last are, which may have been
    /// forming when the file was written.
    /// - Returns: A summary, as text.
    /// - Throws: `StoreError`: `refused` where newer stored bars have another price adjustment; then nothing
    ///   is stored.
    func run(_ file: BarFileContents, into store: any BarStore, boundaries: BarBoundaries?) async throws -> String {
        let runs = runs(of: file, boundaries)
        // A file with another price adjustment begins a new generation with the bars that show it, and then enters it
        // whole.
        var opening: BarRun?
        for run in runs {
            switch try await store.verdict(on: dated(run, boundaries), if: Admission.Condition()) {
            case .appended: break
            case .newGeneration: opening = opening ?? run
            case .needsOverlap:
                throw StoreError(
                    .refused,
                    "prices in the file contradict newer bars of \(key) in the store (a split, or another adjustment); "
                        + "nothing was stored; adjust the file, or import it into another BHAV_DATA")
            }
        }
        var outcome = WriteOutcome()
        if let opening { outcome.add(try await store.write(opening)) }
        for run in runs { outcome.add(try await store.write(run)) }
        let changed =
            opening == nil
            ? "" : ", with a new price adjustment: stored bars that are not in the file are no longer served"
        return "\(file.bars.count) bars in the file, \(outcome.inserted) new, \(outcome.updated) updated, "
            + "\(outcome.revised) revised\(changed); \(provenance.words)"
    }

    /// The run as of its last bar: an old file must not take the place of newer bars with another price adjustment,
    /// whenever it is imported.
    private func dated(_ run: BarRun, _ boundaries: BarBoundaries?) -> BarRun {
        guard let last = run.bars.last?.time else { return run }
        var origin = run.provenance
        origin.asOf = min(origin.asOf, end(of: last, boundaries))
        return BarRun(key: run.key, bars: run.bars, provenance: origin, coverage: CoverageMap())
    }

    private func end(of last: Timestamp, _ boundaries: BarBoundaries?) -> Timestamp {
        boundaries?.bar(containing: last)?.to ?? last.advanced(bySeconds: key.interval.seconds ?? 1)
    }

    private func runs(of file: BarFileContents, _ boundaries: BarBoundaries?) -> [BarRun] {
        var bars = file.bars
        if let last = bars.indices.last, !file.saysLastIsFinal { bars[last].isFinal = isComplete }
        var reached: Timestamp?
        return stride(from: 0, to: bars.count, by: BarImport.batch).map { start in
            let batch = Array(bars[start..<min(start + BarImport.batch, bars.count)])
            defer { reached = batch.last?.time }
            return BarRun(
                key: key, bars: batch, provenance: provenance, coverage: coverage(batch, from: reached, boundaries))
        }
    }

    /// By itself a file proves that its bars are there and nothing of what lies between them.
    private func coverage(_ bars: [Bar], from reached: Timestamp?, _ boundaries: BarBoundaries?) -> CoverageMap {
        guard let first = bars.first?.time, let last = bars.last?.time else { return CoverageMap() }
        if isComplete {
            let complete = TimeRange(from: reached ?? first, to: end(of: last, boundaries))
            let openings = ([reached].compactMap { $0 }) + bars.lazy.filter(\.isFinal).map(\.time)
            return CoverageMap(complete: complete, at: provenance.asOf, openings: openings, boundaries: boundaries)
        }
        guard boundaries == nil else { return CoverageMap() }
        return CoverageMap(
            bars.indices.lazy.filter { bars[$0].isFinal }.map { index in
                let end = leastEnd(of: bars[index].time)
                let next = index + 1 < bars.count ? bars[index + 1].time : end
                return CoverageSpan(TimeRange(from: bars[index].time, to: min(end, next)), .hasData)
            })
    }

    /// An instant before which no other bar opens, where no calendar is known.
    private func leastEnd(of opening: Timestamp) -> Timestamp {
        let day: Int64 = 86_400
        let seconds =
            switch key.interval.unit {
            case .second, .minute, .hour: key.interval.seconds ?? 1
            case .day: day * Int64(key.interval.count)
            case .week: 7 * day * Int64(key.interval.count)
            case .month: 28 * day * Int64(key.interval.count)
            }
        return opening.advanced(bySeconds: seconds)
    }
}

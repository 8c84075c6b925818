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
            investing.com, DuckDB, ccxt and others write them. Columns are found by their names; those that are not bars are \
            ignored and named. Times are numbers since 1970 or text; without a zone they are the exchange's. Dates whose \
            order the file leaves open are refused: use --date-format.

            The whole file is read before anything is stored. A row that cannot be read is an error with its line, or with \
            --skip-invalid it is skipped and counted. Without a column final, all bars are final but the last. Where a bar \
            is stored already, the newer value is kept: a file counts as of its last change.

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

    @Option(name: .long, help: "What past prices are adjusted for.")
    var adjustment = Adjustment.splits

    @Flag(name: .long, help: "The rolls of a continuous future are adjusted for.")
    var backAdjust = false

    @Flag(name: .long, help: "The file holds every bar there was from its first to its last.")
    var complete = false

    @Flag(name: .long, help: ArgumentHelp("Import bars at times the calendar does not know.", visibility: .hidden))
    var anyTime = false

    @OptionGroup var market: MarketOptions

    private struct Order: Sendable {
        let key: SeriesKey
        let options: BarFileOptions
        let zone: TimeZone?
    }

    func run() async throws {
        let (file, complete) = (file, complete)
        try await market.withStore(.writing, asking: { try order() }) { store, configuration, order in
            let now = SystemClock.now()
            let key = order.key
            let boundaries = try await configuration.calendars.boundaries(of: key, in: store)
            let series = BarFileSeries(
                symbol: key.symbol, interval: key.interval, boundaries: boundaries, zone: order.zone, now: now)
            let input = try InputFile(file, now: now)
            var contents = try CommandFailure.namingFile(input.name) { () throws(ImportFault) in
                try BarFileReader(series: series, options: order.options).read(input.bytes)
            }
            try contents.leaveOutUnstorable(skipping: order.options.skipsInvalid, of: input.name)
            let provenance = Provenance(
                source: .store, feed: "import:\(input.name)",
                mode: configuration.useMockData ? .simulated : .recorded, delaySeconds: nil, asOf: input.changed)
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
        Console.say("bhav: \(name): \(skipped.count) rows skipped\(more)")
    }

    private func order() throws -> Order {
        let key = SeriesKey(
            symbol: try SymbolName.symbol(symbol), interval: interval, hours: session, adjustment: adjustment,
            backAdjusted: backAdjust)
        var options: BarFileOptions
        do throws(ImportFault) {
            options = try BarFileOptions(
                columns: columns, dateFormat: dateFormat, decimal: decimal, skipsInvalid: skipInvalid)
        } catch {
            throw MarketDataError.badRequest(error.message)
        }
        options.takesAnyTime = anyTime
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
    /// When the file was last changed; now for standard input.
    let changed: Timestamp

    /// - Parameter path: `-` for standard input.
    /// - Throws: `CommandFailure` where it cannot be read.
    init(_ path: String, now: Timestamp) throws {
        do {
            guard path != "-" else {
                (name, changed) = ("standard input", now)
                bytes = Array(try FileHandle.standardInput.read(upToCount: ImportText.largest + 1) ?? Data())
                return
            }
            let url = URL(fileURLWithPath: path)
            name = url.lastPathComponent
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }
            bytes = Array(try handle.read(upToCount: ImportText.largest + 1) ?? Data())
            let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
            changed =
                date.map {
                    min(now, Timestamp(milliseconds: Int64(($0.timeIntervalSince1970 * 1000).rounded(.down))))
                } ?? now
        } catch {
            throw CommandFailure(message: "cannot read '\(path)'", exitCode: .usage)
        }
    }
}

extension BarFileContents {
    /// Leaves out the bars that the store refuses: those with a high below the low, or a negative volume.
    /// - Throws: `CommandFailure` where rows are not to be skipped.
    fileprivate mutating func leaveOutUnstorable(skipping: Bool, of name: String) throws {
        let kept = bars.filter { $0.high >= $0.low && ($0.volume ?? 0) >= 0 }
        guard kept.count < bars.count else { return }
        let count = bars.count - kept.count
        guard skipping else {
            let words = notes.first { $0.contains("impossible") } ?? ""
            throw CommandFailure(
                message: "\(name): the store does not keep bars with a high below the low or a negative volume, and "
                    + "\(count) are such (\(words)); use --skip-invalid to import the others; nothing was stored",
                exitCode: .unreadable)
        }
        bars = kept
        notes.append("\(count) bars with a high below the low or a negative volume were left out")
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

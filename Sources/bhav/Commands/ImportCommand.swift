import ArgumentParser
import BhavApp
import Foundation
import MarketData
import MarketHistory
import MarketHub
import MarketStore

/// `bhav import`: bars of a file into the store.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take the bars of a csv or ndjson file into the store, marked as imported.",
        discussion: """
            bhav import nifty.csv --symbol NSE:NIFTY --interval 5m
            bhav import nifty.ndjson --symbol NSE:NIFTY --interval 1d --complete

            The columns are time,open,high,low,close and volume, final, openInterest where there are; names in any case,
            and as other programs have them (date, datetime, pandas' nameless index, a symbol, which must be the one
            given). Times are seconds, milliseconds or nanoseconds since 1970, or text, which without a zone is the
            exchange's. Without a column final all bars are but the last. The file is read to its end before anything is
            stored. Where a bar is there already, the newer account stands: a file counts as of its last change.
            Parquet is not read: pandas.read_parquet(...).to_csv(...) makes a file that is.
            """
    )

    @Argument(help: "The csv or ndjson file.")
    var file: String

    @Option(name: .long, help: "Whose bars they are: EXCHANGE:TICKER, or a name of the symbol book.")
    var symbol: String

    @Option(name: .shortAndLong, help: "The length of a bar.")
    var interval: String

    @Option(name: .long, help: "regular or extended hours.")
    var session: String = TradingHours.regular.rawValue

    @Option(name: .long, help: "What past prices are adjusted for: splits, dividends or none.")
    var adjustment: String = Adjustment.splits.rawValue

    @Flag(name: .long, help: "The rolls of a continuous future are levelled out.")
    var backAdjust = false

    @Flag(name: .long, help: "The file holds every bar there was from its first to its last.")
    var complete = false

    @Flag(name: .long, help: "Take in bars that the exchange's calendar does not know, too.")
    var anyTime = false

    @OptionGroup var market: MarketOptions

    func run() async throws {
        let (file, complete, anyTime) = (file, complete, anyTime)
        try await market.withStore(.writing, asking: { try key() }) { store, configuration, key in
            let now = SystemClock.now()
            let boundaries = try await configuration.calendars.boundaries(of: key, in: store)
            let bars = BarFile(
                path: file, key: key, boundaries: anyTime ? nil : boundaries, isComplete: complete, now: now)
            let provenance = Provenance(
                source: .store, feed: "import:\(URL(fileURLWithPath: file).lastPathComponent)",
                mode: configuration.useMockData ? .simulated : .recorded, delaySeconds: nil,
                asOf: try ImportCommand.changed(file, now))
            let bill = try await BarImport(bars: bars, provenance: provenance, isComplete: complete)
                .run(into: store, boundaries: boundaries)
            Console.say("bhav: \(key.symbol) \(key.interval): \(bill)")
        }
    }

    private func key() throws -> SeriesKey {
        try SeriesKey(
            SymbolBook.symbol(symbol), interval: interval, session: session, adjustment: adjustment,
            backAdjusted: backAdjust)
    }

    private static func changed(_ file: String, _ now: Timestamp) throws -> Timestamp {
        guard let date = try? FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date else {
            throw CommandFailure(message: "cannot read '\(file)'", exitCode: .usage)
        }
        return min(now, Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded(.down))))
    }
}

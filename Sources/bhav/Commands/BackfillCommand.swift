import ArgumentParser
import BhavApp
import MarketData
import MarketHistory
import MarketHub
import MarketStore

/// `bhav backfill`: fetch what the store lacks.
struct BackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Fetch what the store lacks of one symbol or many, and keep it.",
        discussion: """
            bhav backfill NSE:NIFTY --interval 5m --from 2026-01-01
            bhav backfill --symbols watchlist.txt -i 1d --from 2020-01-01 --to 2025-12-31

            bhav backfill --symbols watchlist.txt -i 1m,5m,1d --from 2y
            bhav backfill --symbols watchlist.txt -i 1m --from 2024-01-01 --dry-run
            bhav backfill --resume

            Only what is missing is asked for, and what came is kept page by page. Every backfill is a job in the store:
            one that was interrupted, in whatever way, is taken up by running the same again or with --resume, which
            also tries again what failed (bhav store jobs lists them). The outcome of each series is said on standard
            error; exit code 2 means that something is still missing.
            """
    )

    @Argument(help: "EXCHANGE:TICKER, or names of the symbol book such as NIFTY.")
    var symbols: [String] = []

    @Option(name: .customLong("symbols"), help: "A file of symbols, one a line, # for comments; - for standard input.")
    var symbolsFile: String?

    @Flag(name: .long, help: "Take up the newest backfill that has something left to do.")
    var resume = false

    @Option(name: .long, help: "With --resume: take up the job of this number.")
    var job: Int64?

    @Option(name: .long, help: "Ask for at most this many bars at once; they are kept before the next are asked for.")
    var page = Backfill.Pace().pageSize

    @Option(name: .long, help: "Between two questions, wait this many milliseconds.")
    var pause = 100

    @Flag(name: .long, help: "Say how many bars are missing and how many questions they would take; nobody is asked.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Say nothing of series that are complete.")
    var quiet = false

    @OptionGroup var series: StoredSeriesOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        if dryRun { return try await tell() }
        try await market.withMarket(asking: { try batch() }) { market, batch in
            try await CommandFailure.namingStore(market.configuration) {
                let store = try market.configuration.openStore(for: .writing)
                try await batch.run(market.backfill(into: store, pace: batch.pace), store)
            }
        }
    }

    private func tell() async throws {
        try await Bhav.reporting {
            let batch = try batch()
            let configuration = try market.configuration()
            try await CommandFailure.namingStore(configuration) {
                // Where there is none yet, all is missing.
                let store =
                    SQLiteMarketStore.exists(in: configuration.dataFolder, contents: configuration.storeContents)
                    ? try configuration.openStore(for: .reading)
                    : try SQLiteMarketStore.inMemory(contents: configuration.storeContents)
                try await batch.tell(store, calendars: configuration.calendars)
            }
        }
    }

    private func batch() throws -> BackfillBatch {
        guard (1...BarRequest.largestCount).contains(page) else {
            throw MarketDataError.badRequest("--page \(page) is not from 1 to \(BarRequest.largestCount)")
        }
        var pace = Backfill.Pace()
        pace.pageSize = page
        pace.pause = .milliseconds(max(0, pause))
        return BackfillBatch(work: try work(), pace: pace, isQuiet: quiet)
    }

    private func work() throws -> BackfillBatch.Work {
        if resume {
            guard symbols.isEmpty, symbolsFile == nil, series.from == nil, series.to == nil else {
                throw MarketDataError.badRequest("--resume goes on with what was ordered; it takes no symbols or dates")
            }
            return .resume(job)
        }
        if job != nil { throw MarketDataError.badRequest("--job needs --resume") }
        let now = SystemClock.now()
        let keys = try intervals()
        let orders = try SymbolList.symbols(arguments: symbols, file: symbolsFile).flatMap { symbol in
            try keys.map { options in
                guard let range = try options.range(of: symbol, now: now) else {
                    throw MarketDataError.badRequest("--from is needed: the first bar that the store is to have")
                }
                return BackfillOrder(
                    try options.key(symbol), from: range.from, to: options.to == nil ? nil : range.to)
            }
        }
        return .orders(orders)
    }

    /// The options once for each interval, the intervals parted by commas.
    private func intervals() throws -> [StoredSeriesOptions] {
        var seen = Set<Interval>()
        let names = series.interval.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        guard !names.isEmpty else { throw MarketDataError.badRequest("--interval is empty") }
        return try names.compactMap { name in
            guard seen.insert(try Interval(String(name))).inserted else { return nil }
            var options = series
            options.interval = String(name)
            return options
        }
    }
}

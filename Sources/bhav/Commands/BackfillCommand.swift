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
        abstract: "Fetch what the store lacks of one symbol or many.",
        discussion: """
            Only what is missing is fetched, and it is stored page by page. Every backfill is a job in the store: one that was \
            interrupted continues when the same command is run again, or with --resume, which also retries what failed (bhav \
            store jobs lists them). The outcome of each series is reported on standard error; exit code 2 means that something \
            is still missing.

            bhav backfill NSE:NIFTY --interval 5m --from 2026-01-01
            bhav backfill --symbols watchlist.txt -i 1m,5m,1d --from 2y
            bhav backfill --symbols watchlist.txt -i 1m --from 2024-01-01 --dry-run
            bhav backfill --resume
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolList.argumentHelp))
    var symbols: [String] = []

    @Option(name: .customLong("symbols"), help: ArgumentHelp(stringLiteral: SymbolList.fileHelp))
    var symbolsFile: String?

    @Flag(name: .long, help: "Continue the newest backfill that has something left to do.")
    var resume = false

    @Option(name: .long, help: "With --resume: number of the job to continue.")
    var job: Int64?

    @Option(name: .long, help: "Most bars in one request; they are stored before the next one.")
    var page = Backfill.Pace().pageSize

    @Option(name: .long, help: "Delay between requests, in milliseconds.")
    var pause = 100

    @Flag(name: .long, help: "Report how many bars are missing and how many requests they need, without fetching.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Do not report complete series.")
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
        let orders = try SymbolList.symbols(arguments: symbols, file: symbolsFile).flatMap { symbol in
            guard let range = try series.range(of: symbol, now: now) else {
                throw MarketDataError.badRequest("--from is needed: the first bar that the store is to have")
            }
            return series.interval.intervals.map { interval in
                BackfillOrder(
                    series.key(symbol, interval), from: range.from, to: series.to == nil ? nil : range.to)
            }
        }
        return .orders(orders)
    }
}

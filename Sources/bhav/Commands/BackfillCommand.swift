import ArgumentParser
import BhavApp
import MarketData
import MarketHistory
import MarketHub
import MarketStore

/// `bhav backfill`: fetch missing bars into the store.
struct BackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Fetch missing bars into the store.",
        discussion: """
            Only missing bars are fetched, and stored page by page. Every backfill is a job in the store: an \
            interrupted one continues when the same command is run again, or with --resume, which also retries failed \
            series (bhav store jobs lists them). The outcome of each series is reported on standard error; exit code 2 \
            means that bars are still missing.

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
    var page = Backfill.RequestLimits().pageSize

    @Option(name: .long, help: "Delay between requests, in milliseconds.")
    var pause = 100

    @Flag(name: .long, help: "Report how many bars are missing and how many requests they need, without fetching.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Do not report complete series.")
    var quiet = false

    @OptionGroup var series: StoredSeriesOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        if dryRun { return try await report() }
        try await market.withMarket(throughServer: false, reading: { try batch() }) { market, batch in
            try await CommandFailure.namingStore(market.configuration) {
                let store = try market.configuration.openStore(for: .writing)
                try await batch.run(market.backfill(into: store, limits: batch.limits), store)
            }
        }
    }

    private func report() async throws {
        try await Bhav.reporting {
            let batch = try batch()
            let configuration = try market.configuration()
            try await CommandFailure.namingStore(configuration) {
                // Where there is none yet, all is missing.
                let store =
                    SQLiteMarketStore.exists(in: configuration.dataFolder, contents: configuration.storeContents)
                    ? try configuration.openStore(for: .reading)
                    : try SQLiteMarketStore.inMemory(contents: configuration.storeContents)
                try await batch.report(store, calendars: configuration.calendars)
            }
        }
    }

    private func batch() throws -> BackfillBatch {
        guard (1...BarRequest.largestCount).contains(page) else {
            throw MarketDataError.badRequest("--page must be from 1 to \(BarRequest.largestCount), got \(page)")
        }
        var limits = Backfill.RequestLimits()
        limits.pageSize = page
        limits.pause = .milliseconds(max(0, pause))
        return BackfillBatch(work: try work(), limits: limits, isQuiet: quiet)
    }

    private func work() throws -> BackfillBatch.Work {
        if resume {
            guard symbols.isEmpty, symbolsFile == nil, series.from == nil, series.to == nil else {
                throw MarketDataError.badRequest("--resume continues a stored job; leave out symbols and dates")
            }
            return .resume(job)
        }
        if job != nil { throw MarketDataError.badRequest("--job needs --resume; give both") }
        let now = SystemClock.now()
        let orders = try SymbolList.symbols(arguments: symbols, file: symbolsFile).flatMap { symbol in
            guard let range = try series.range(of: symbol, now: now) else {
                throw MarketDataError.badRequest(
                    "--from is missing; give the first day to store, such as 2026-01-01 or 2y")
            }
            return series.interval.intervals.map { interval in
                BackfillOrder(
                    series.key(symbol, interval), from: range.from, to: series.to == nil ? nil : range.to)
            }
        }
        return .orders(orders)
    }
}

/// A backfill that is started or resumed on the command line: works on the job, with a line about each series, and a
/// progress bar on a terminal.
struct BackfillBatch: Sendable {
    /// What to work on.
    enum Work: Sendable {
        /// These series; an unfinished job with the same series is resumed.
        case orders([BackfillOrder])
        /// What a job has left; `nil` for the newest one that has.
        case resume(Int64?)
    }

    let work: Work
    let limits: Backfill.RequestLimits
    /// Whether complete series are not reported.
    let isQuiet: Bool

    func run(_ backfill: Backfill, _ jobs: any BackfillJobStore) async throws {
        guard let job = try await job(in: jobs) else {
            Console.say("bhav: every backfill is complete")
            return
        }
        let report = BackfillReport(job: job, isQuiet: isQuiet)
        do {
            try await backfill.work(on: job, in: jobs) { report.take($0) }
        } catch let error as CancellationError {
            report.say("interrupted; fetched bars are kept. Continue with: bhav backfill --resume --job \(job.id)")
            throw error
        } catch let error as StoreError {
            report.say("stopped; fetched bars are kept. Continue with: bhav backfill --resume --job \(job.id)")
            throw error
        }
        report.sayTotals()
        if let exit = report.exit { throw ExitCode(exit.rawValue) }
    }

    /// Reports what is missing in each series, without a request to any source.
    func report(_ store: SQLiteMarketStore, calendars: SeriesCalendars) async throws {
        let now = SystemClock.now()
        for order in try await orders(in: store) {
            guard let range = order.range(now: now) else { continue }
            let boundaries = try await calendars.boundaries(of: order.key, in: store)
            let survey = try await SeriesSurvey(
                of: order.key, over: range, in: store, boundaries: boundaries, now: now)
            let plan = survey.plan(pageSize: limits.pageSize)
            let name = "\(order.key.symbol) \(order.key.interval)"
            Console.say(
                plan.pages.isEmpty
                    ? "bhav: \(name)  nothing is missing"
                    : "bhav: \(name)  up to \(plan.bars) bars are missing; requests: \(plan.pages.count)")
        }
    }

    private func orders(in store: SQLiteMarketStore) async throws -> [BackfillOrder] {
        if case .orders(let orders) = work { return orders }
        return try await job(in: store)?.items.filter(\.isOpen).map(\.order) ?? []
    }

    private func job(in jobs: any BackfillJobStore) async throws -> BackfillJob? {
        switch work {
        case .orders(let orders):
            let job = try await jobs.openJob(orders, now: SystemClock.now())
            if job.items.contains(where: { $0.result != nil }) {
                Console.say("bhav: continuing job \(job.id) of \(job.created)")
            }
            return job
        case .resume(let id?):
            guard let job = try await jobs.job(id) else {
                throw MarketDataError.badRequest("there is no job \(id); list the jobs with bhav store jobs")
            }
            return job
        case .resume(nil):
            let all = try await jobs.jobs()
            return all.first(where: \.isUnfinished) ?? all.first { $0.count(.complete) < $0.items.count }
        }
    }
}

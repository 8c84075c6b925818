import ArgumentParser
import BhavApp
import Foundation
import JSON
import MarketData
import MarketFormats
import MarketStore

/// `bhav store`: the store itself.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Inspect the store: series, health, jobs, retention.",
        subcommands: [InfoCommand.self, CheckCommand.self, JobsCommand.self, RetainCommand.self]
    )

    /// `bhav store check`: is the store sound?
    struct CheckCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check the integrity of the store.",
            discussion: "Reads the whole store, also while it is in use. Exit code 65 means that it is damaged."
        )

        @OptionGroup var market: MarketOptions

        func run() async throws {
            try await market.withStore(.reading, reading: {}) { store, configuration, _ in
                let faults = try await store.check()
                guard faults.isEmpty else {
                    for fault in faults { Console.say("bhav: \(fault.message)") }
                    throw CommandFailure(
                        message: "the store in \(configuration.dataFolder) is damaged: \(faults.count) faults; "
                            + "restore a backup, or move the file away and run bhav backfill", exitCode: .unreadable)
                }
                let series = try await store.series()
                let bars = series.reduce(0) { $0 + $1.bars }
                let revisions = series.reduce(0) { $0 + $1.revisions }
                Console.say(
                    "bhav: the store in \(configuration.dataFolder) is sound: \(series.count) series, \(bars) bars, "
                        + "\(revisions) replaced values")
            }
        }
    }
}

extension StoreCommand {
    /// `bhav store info`: the stored series and their size.
    struct InfoCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info",
            abstract: "List the stored series and the size of the store.",
            discussion: """
                One row a series. The size of the files goes to standard error, and is part of json.

                bhav store info
                bhav store info --format json
                """
        )

        @OptionGroup var output: OutputOptions
        @OptionGroup var market: MarketOptions

        func run() async throws {
            let output = output
            try await market.withStore(.reading, reading: {}) { store, configuration, _ in
                let series = try await store.series()
                let files = StoreFiles(folder: configuration.dataFolder, name: configuration.storeContents.rawValue)
                let bars = series.reduce(0) { $0 + $1.bars }
                try output.print(InfoCommand.list(series, files, bars: bars))
                Console.say("bhav: \(files.words(bars: bars, series: series.count))")
                let rules = try await store.retentionPolicy().seconds.sorted { $0.value < $1.value }
                for (interval, seconds) in rules {
                    Console.say("bhav: \(interval) bars are kept for \(seconds / 86_400) days")
                }
            }
        }

        private static func list(_ series: [SeriesSummary], _ files: StoreFiles, bars: Int) -> ListResponse {
            ListResponse(
                name: "series",
                columns: [
                    "symbol", "interval", "session", "adjustment", "backAdjusted", "bars", "first", "last", "revisions",
                ],
                rows: series.map { summary in
                    let key = summary.key
                    return [
                        .text(key.symbol.description), .text(key.interval.description), .text(key.hours.rawValue),
                        .text(key.adjustment.rawValue), .bool(key.backAdjusted), .integer(Int64(summary.bars)),
                        .time(summary.first), .time(summary.last), .integer(Int64(summary.revisions)),
                    ]
                },
                facts: [
                    ("file", .text(files.path)), ("bytes", .integer(Int64(files.bytes))),
                    ("logBytes", .integer(Int64(files.logBytes))), ("bars", .integer(Int64(bars))),
                    ("bytesPerBar", .number(files.bytesPerBar(bars))),
                ])
        }
    }
}

/// The files of a store and their sizes.
struct StoreFiles {
    let path: String
    /// The database.
    let bytes: Int
    /// The bytes written and not yet merged into it.
    let logBytes: Int

    init(folder: String, name: String) {
        path = "\(folder)/\(name).sqlite"
        bytes = StoreFiles.size(path)
        logBytes = StoreFiles.size(path + "-wal")
    }

    /// The database's bytes by its bars, everything else in it counted in; `nil` without bars, and where most is still in
    /// the log.
    func bytesPerBar(_ bars: Int) -> Double? {
        bars > 0 && logBytes < bytes ? (Double(bytes) / Double(bars) * 10).rounded() / 10 : nil
    }

    func words(bars: Int, series: Int) -> String {
        let each = bytesPerBar(bars).map { ", \($0.shortest) bytes a bar" } ?? ""
        return "\(path): \(bytes) bytes" + (logBytes > 0 ? " and a log of \(logBytes)" : "")
            + "; \(series) series, \(bars) bars\(each)"
    }

    private static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
    }
}

extension StoreCommand {
    /// `bhav store jobs`: backfills and what became of them.
    struct JobsCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "jobs",
            abstract: "List the backfill jobs, or the series of one job.",
            discussion: """
                Continue a job that is not complete with bhav backfill --resume --job NUMBER.

                bhav store jobs
                bhav store jobs 7 --format csv
                """
        )

        @Argument(help: "Number of a job whose series are listed.")
        var job: Int64?

        @OptionGroup var output: OutputOptions
        @OptionGroup var market: MarketOptions

        func run() async throws {
            let output = output
            try await market.withStore(.reading, reading: { job }) { store, _, number in
                guard let number else {
                    return try output.print(JobsCommand.list(try await store.jobs()))
                }
                guard let job = try await store.job(number) else {
                    throw MarketDataError.badRequest("there is no job \(number); list the jobs with bhav store jobs")
                }
                try output.print(JobsCommand.list(job))
            }
        }

        private static func list(_ jobs: [BackfillJob]) -> ListResponse {
            ListResponse(
                name: "jobs",
                columns: ["job", "created", "series", "complete", "partial", "failed", "waiting", "bars"],
                rows: jobs.map { job in
                    let counts = [job.items.count] + [.complete, .partial, .failed, nil].map { job.count($0) }
                    let bars = job.items.reduce(0) { $0 + ($1.result?.inserted ?? 0) }
                    return [.integer(job.id), .time(job.created)] + (counts + [bars]).map { .integer(Int64($0)) }
                })
        }

        private static func list(_ job: BackfillJob) -> ListResponse {
            ListResponse(
                name: "series",
                columns: [
                    "number", "symbol", "interval", "session", "adjustment", "from", "to", "state", "settled", "bars",
                    "remaining", "reason",
                ],
                rows: job.items.map { item in
                    let (key, result) = (item.order.key, item.result)
                    return [
                        .integer(Int64(item.number)), .text(key.symbol.description), .text(key.interval.description),
                        .text(key.hours.rawValue), .text(key.adjustment.rawValue), .time(item.order.from),
                        .time(item.order.to), .text(result?.state.rawValue ?? "waiting"), .time(result?.settled),
                        .integer(result.map { Int64($0.inserted) }), .integer(result.map { Int64($0.remaining) }),
                        .text(result?.reason),
                    ]
                },
                facts: [("job", .integer(job.id)), ("created", .time(job.created))])
        }
    }
}

extension StoreCommand {
    /// `bhav store retain`: for how long bars are kept.
    struct RetainCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retain",
            abstract: "Show or set how long bars are kept, and remove older ones.",
            discussion: """
                Without --apply nothing changes: the list shows what the stored policy, or the rule given here, would remove. \
                The server applies the policy at its start and once a day. bhav gaps shows removed bars as empty (retention), \
                and backfill does not fetch them again unless the rule is widened.

                bhav store retain
                bhav store retain --interval 1m --keep 2y
                bhav store retain --interval 1m --keep 2y --apply
                bhav store retain --interval 1m --keep forever --apply
                """
        )

        @Option(name: .shortAndLong, help: "Lengths of the bars that the rule is for, separated by commas.")
        var interval: IntervalList?

        @Option(name: .long, help: "How long bars are kept: 90d, 26w, 2y or forever.")
        var keep: RetentionOption?

        @Flag(name: .long, help: "Keep the rule and remove older bars; without it nothing changes.")
        var apply = false

        @OptionGroup var output: OutputOptions
        @OptionGroup var market: MarketOptions

        func run() async throws {
            let (output, apply) = (output, apply)
            try await market.withStore(apply ? .writing : .reading, reading: { try rules() }) { store, _, rules in
                let now = SystemClock.now()
                var policy = try await store.retentionPolicy()
                for rule in rules { policy.seconds[rule.interval] = rule.seconds }
                if apply, !rules.isEmpty { try await store.setRetentionPolicy(policy, now: now) }
                let plan = try await store.retentionPlan(policy, now: now)
                try output.print(RetainCommand.list(plan))
                if policy.seconds.isEmpty { return Console.say("bhav: all bars are kept forever") }
                guard apply else {
                    return Console.say("bhav: \(plan.bars) bars would be removed; use --apply to remove them")
                }
                let removed = try await store.apply(plan)
                Console.say(
                    "bhav: \(removed) bars removed; the file keeps its size for new bars, and bhav backup writes a smaller copy"
                )
            }
        }

        private struct Rule {
            let interval: Interval
            /// `nil`: no limit.
            let seconds: Int64?
        }

        private func rules() throws -> [Rule] {
            switch (interval, keep) {
            case (nil, nil): return []
            case (let interval?, let keep?):
                return interval.intervals.map { Rule(interval: $0, seconds: keep.seconds) }
            default: throw MarketDataError.badRequest("a rule needs --interval and --keep; give both")
            }
        }

        private static func list(_ plan: RetentionPlan) -> ListResponse {
            ListResponse(
                name: "series", columns: ["symbol", "interval", "session", "adjustment", "before", "bars"],
                rows: plan.items.map { item in
                    [
                        .text(item.key.symbol.description), .text(item.key.interval.description),
                        .text(item.key.hours.rawValue), .text(item.key.adjustment.rawValue), .time(item.before),
                        .integer(Int64(item.bars)),
                    ]
                },
                facts: [("bars", .integer(Int64(plan.bars)))])
        }
    }
}

/// How long bars are kept: days, weeks, years of 365 days, or forever.
struct RetentionOption: ExpressibleByArgument, Hashable {
    /// `nil`: no limit.
    let seconds: Int64?

    init?(argument: String) {
        if argument == "forever" {
            seconds = nil
            return
        }
        let days: [Character: Int64] = ["d": 1, "w": 7, "y": 365]
        guard let unit = argument.last.flatMap({ days[$0] }), let count = Int64(argument.dropLast()),
            (1...100_000).contains(count)
        else { return nil }
        seconds = count * unit * 86_400
    }

    static var allValueStrings: [String] { ["90d", "26w", "2y", "forever"] }
}

/// `bhav backup`: a copy of the store, also while a server writes to it.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the store into a new file, also while in use.",
        discussion: "To restore it, stop everything that writes to the store and replace its file in BHAV_DATA."
    )

    @Argument(help: "File to create.")
    var file: String

    @OptionGroup var market: MarketOptions

    func run() async throws {
        try await market.withStore(.reading, reading: { file }) { store, configuration, file in
            do {
                try await store.backUp(to: file)
            } catch let error as StoreError {
                let exit = error.code == .corrupt ? CommandExit.unreadable : .cannotWrite
                throw CommandFailure(message: error.message, exitCode: exit)
            }
            let name = "\(configuration.dataFolder)/\(configuration.storeContents.rawValue).sqlite"
            Console.say("bhav: copied \(name) to \(file)")
        }
    }
}

import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketStore

extension StoreCommand {
    /// `bhav store jobs`: backfills and what became of them.
    struct JobsCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "jobs",
            abstract: "The backfills that the store remembers, or what became of each series of one of them.",
            discussion: """
                bhav store jobs
                bhav store jobs 7 --format csv

                A job with anything waiting, partial or failed is taken up by bhav backfill --resume --job NUMBER.
                """
        )

        @Argument(help: "The number of a job, for its series.")
        var job: Int64?

        @OptionGroup var output: OutputOptions
        @OptionGroup var market: MarketOptions

        func run() async throws {
            let output = output
            try await market.withStore(.reading, asking: { job }) { store, _, number in
                guard let number else {
                    return try output.print(JobsCommand.list(try await store.jobs()))
                }
                guard let job = try await store.job(number) else {
                    throw MarketDataError.badRequest("there is no job \(number); bhav store jobs lists them")
                }
                try output.print(JobsCommand.list(job))
            }
        }

        private static func list(_ jobs: [BackfillJob]) -> ListAnswer {
            ListAnswer(
                name: "jobs",
                columns: ["job", "created", "series", "complete", "partial", "failed", "waiting", "bars"],
                rows: jobs.map { job in
                    let counts = [job.items.count] + [.complete, .partial, .failed, nil].map { job.count($0) }
                    let bars = job.items.reduce(0) { $0 + ($1.result?.inserted ?? 0) }
                    return [.integer(job.id), .time(job.created)] + (counts + [bars]).map { .integer(Int64($0)) }
                })
        }

        private static func list(_ job: BackfillJob) -> ListAnswer {
            ListAnswer(
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

import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketStore

extension StoreCommand {
    /// `bhav store retain`: for how long bars are kept.
    struct RetainCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retain",
            abstract: "Tell or decide for how long bars are kept, and let go of older ones.",
            discussion: """
                bhav store retain                                    what the kept policy would take now
                bhav store retain --interval 1m --keep 2y            what this rule would take; nothing changes
                bhav store retain --interval 1m --keep 2y --apply    keep the rule, and let go of what is older
                bhav store retain --interval 1m --keep forever --apply
                bhav store retain --apply                            apply the kept policy

                The server applies the policy at its start and once a day. What was let go of is known as such: gaps
                tells it as empty (retention) and backfill does not fetch it again, unless the rule is widened.
                """
        )

        @Option(name: .shortAndLong, help: "Lengths of the bars that the rule is for, divided by commas.")
        var interval: IntervalList?

        @Option(name: .long, help: "How long bars are kept: 90d, 26w, 2y or forever.")
        var keep: RetentionOption?

        @Flag(name: .long, help: "Keep the rule and remove older bars; without it nothing changes.")
        var apply = false

        @OptionGroup var output: OutputOptions
        @OptionGroup var market: MarketOptions

        func run() async throws {
            let (output, apply) = (output, apply)
            try await market.withStore(apply ? .writing : .reading, asking: { try rules() }) { store, _, rules in
                let now = SystemClock.now()
                var policy = try await store.retentionPolicy()
                for rule in rules { policy.seconds[rule.interval] = rule.seconds }
                if apply, !rules.isEmpty { try await store.setRetentionPolicy(policy, now: now) }
                let plan = try await store.retentionPlan(policy, now: now)
                try output.print(RetainCommand.list(plan))
                if policy.seconds.isEmpty { return Console.say("bhav: every bar is kept for ever") }
                guard apply else {
                    return Console.say("bhav: \(plan.bars) bars would go; nothing was changed, --apply does it")
                }
                let removed = try await store.carryOut(plan)
                Console.say(
                    "bhav: \(removed) bars are gone; the room in the file is used again for new ones. To shrink it: "
                        + "bhav backup, which copies only what is there")
            }
        }

        private struct Rule {
            let interval: Interval
            /// `nil`: for ever.
            let seconds: Int64?
        }

        private func rules() throws -> [Rule] {
            switch (interval, keep) {
            case (nil, nil): return []
            case (let interval?, let keep?):
                return interval.intervals.map { Rule(interval: $0, seconds: keep.seconds) }
            default: throw MarketDataError.badRequest("a rule needs --interval and --keep, both of them")
            }
        }

        private static func list(_ plan: RetentionPlan) -> ListAnswer {
            ListAnswer(
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

/// How long bars are kept: days, weeks, years of 365 days, or for ever.
struct RetentionOption: ExpressibleByArgument, Hashable {
    /// `nil`: for ever.
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

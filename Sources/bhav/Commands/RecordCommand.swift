import ArgumentParser
import BhavApp
import Foundation
import JSON
import MarketData
import MarketFormats
import MarketHistory
import MarketHub
import MarketStore
import NIOCore

/// `bhav record`: open interest into the store, through the session.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record open interest through the session into the store.",
        discussion: """
            One snapshot is kept for each change of the source's own time stamp, with a line about each on standard \
            error. Outside the session it waits for the next one. It may be killed at any time: started again, it \
            continues from the stored snapshots and fetches the earlier part of the day if the source still has it. \
            --gaps lists gaps with their reasons; exit code 2 then means that there are some.

            bhav record NIFTY BANKNIFTY
            bhav record NIFTY --expiries 2 --for 2h --format ndjson > today.ndjson
            bhav record NIFTY --gaps --from 2026-11-01
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolList.argumentHelp))
    var symbols: [String] = []

    @Option(name: .customLong("symbols"), help: ArgumentHelp(stringLiteral: SymbolList.fileHelp))
    var symbolsFile: String?

    @Option(name: .long, help: "Number of expiries of each symbol, nearest first (1 to 20).")
    var expiries = 1

    @Option(name: .long, help: "Polling interval, such as 5m (default: 3m).")
    var every: DurationOption?

    @Option(name: .customLong("for"), help: "Time to end after, such as 30s, 10m, 2h (default: never).")
    var duration: DurationOption?

    @Option(name: .long, help: "Most requests a day, for all symbols together (default: 380).")
    var budget: Int?

    @Flag(name: .long, help: "Do not fetch earlier moments of the session.")
    var noFill = false

    @Flag(name: .long, help: "Take one snapshot of each now, also outside the session, and end.")
    var once = false

    @Flag(
        name: [.customLong("gaps"), .customLong("holes")],
        help: "List the gaps in the recorded snapshots with their reasons, and end.")
    var gaps = false

    @Option(name: .long, help: "With --gaps: first day or moment (default: the newest session).")
    var from: String?

    @Option(name: .long, help: "With --gaps: end (default: now).")
    var to: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Order: Sendable {
        let plan: RecordingPlan
        let budget: Int?
        let duration: Duration?
        let isOnce: Bool
    }

    func run() async throws {
        if gaps { return try await reportRecordingGaps() }
        let output = output
        try await market.withMarket(throughServer: false, reading: { try order() }) { market, order in
            try await CommandFailure.namingStore(market.configuration) {
                let printer = try RecordPrinter(output)
                let store = try market.configuration.openStore(for: .writing)
                // Events are printed as lines; the log would repeat them.
                var plan = order.plan
                plan.dailyRequests = order.budget ?? market.configuration.recordingBudget
                let recorder = market.recorder(plan, into: store, logger: .silent) { try printer.print($0) }
                if order.isOnce { return try await recorder.recordOnce() }
                try await RecordCommand.run(recorder, for: order.duration)
            }
        }
    }

    /// Records until Ctrl-C, or until the time is over; both are a good end.
    private static func run(_ recorder: OpenInterestRecorder, for duration: Duration?) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await recorder.run() }
            if let duration { group.addTask { try? await Task.sleep(for: duration) } }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func order() throws -> Order {
        guard from == nil, to == nil else { throw MarketDataError.badRequest("--from and --to need --gaps") }
        return Order(
            plan: try plan(), budget: budget,
            duration: duration?.duration,
            isOnce: once)
    }

    private func plan() throws -> RecordingPlan {
        guard (1...20).contains(expiries) else {
            throw MarketDataError.badRequest("--expiries must be from 1 to 20, got \(expiries)")
        }
        if let budget, !(1...100_000).contains(budget) {
            throw MarketDataError.badRequest("--budget must be from 1 to 100000, got \(budget)")
        }
        let refresh = Int64(every?.seconds ?? 180)
        guard refresh <= 3_600 else {
            throw MarketDataError.badRequest("--every must be at most an hour, got \(refresh) s")
        }
        return RecordingPlan(
            symbols: try SymbolList.symbols(arguments: symbols, file: symbolsFile), expiries: expiries,
            refresh: refresh, fillsGaps: !noFill)
    }

    private func reportRecordingGaps() async throws {
        let output = output
        try await market.withStore(.reading, reading: { (try plan(), from, to) }) { store, configuration, input in
            let (plan, from, to) = input
            let report = RecordingGapReport(
                symbols: plan.symbols, expiry: nil, from: from, to: to, largestStep: plan.largestStep)
            try await report.print(output, store, configuration)
        }
    }
}

/// Reports a recorder's events on standard error, and with `--format ndjson` prints each snapshot as data.
final class RecordPrinter: Sendable {
    private let printsSnapshots: Bool
    private let destination: DataOutput

    /// - Throws: `MarketDataError` for a format that this command does not support; `CommandFailure` where the file
    ///   cannot be written.
    init(_ output: OutputOptions) throws {
        switch output.format {
        case nil: printsSnapshots = output.output != nil
        case .ndjson: printsSnapshots = true
        case .table, .csv, .json, .arrow:
            throw MarketDataError.badRequest("record writes ndjson only; use --format ndjson, or leave it out")
        }
        destination = try output.destination()
    }

    /// - Throws: `CommandFailure` where a snapshot cannot be written.
    func print(_ event: RecordingEvent) throws {
        Console.say("bhav: \(RecordPrinter.line(event))")
        guard printsSnapshots, case .kept(let snapshot, _) = event else { return }
        var json = JSONWriter(capacity: 32_768)
        snapshot.write(to: &json)
        json.endLine()
        try destination.write(json.bytes)
    }

    static func line(_ event: RecordingEvent) -> String {
        switch event {
        case .follows(let chain, let known):
            return "recording \(chain)" + (known > 0 ? ", \(known) of today's snapshots are there" : "")
        case .kept(let snapshot, let fillsGap):
            let ratio = snapshot.putCallRatio(by: .openInterest).value.map { ", put-call ratio \(rounded($0))" } ?? ""
            return "\(fillsGap ? "filled" : "kept  ") \(snapshot.symbol) \(snapshot.expiry) of "
                + "\(snapshot.provenance.asOf): \(snapshot.strikes.count) strikes\(ratio), "
                + snapshot.provenance.briefWords
        case .gap(let chain, let gap):
            let source = gap.source.map { " of \($0.rawValue)" } ?? ""
            let others = gap.others.map { "; meanwhile \($0.words)" }.joined()
            return
                "gap    \(chain)\(source) from \(gap.span.from) to \(gap.span.to): \(gap.reason.rawValue)\(others)"
        case .paused(let error, let until): return "waits until \(until): \(error.code.rawValue): \(error.message)"
        case .dropped(let symbol, let error): return "\(symbol) is not recorded: \(CommandFailure(error).message)"
        case .rests(let session, let isBudgetSpent):
            let why = isBudgetSpent ? "the day's budget of requests is spent" : "there is no session now"
            return "\(why); the next one opens at \(session.opens)"
        }
    }

    private static func rounded(_ value: Double) -> String { ((value * 10_000).rounded() / 10_000).shortest }
}

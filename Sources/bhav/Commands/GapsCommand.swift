import ArgumentParser
import BhavApp
import MarketData
import MarketHistory
import MarketHub
import MarketStore

/// `bhav gaps`: what the store has, lacks and knows to be empty.
struct GapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gaps",
        abstract: "List what the store has of a series, and what is missing.",
        discussion: """
            A span is had, empty (with the reason) or missing. Without --from it begins where the store's knowledge does. \
            Exit code 0: nothing is missing; 2: something is.

            bhav gaps NSE:NIFTY --interval 5m --from 2026-01-01
            bhav gaps NIFTY -i 1d --missing --format csv
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolName.argumentHelp))
    var symbol: String

    @Flag(name: .long, help: "List only what is missing.")
    var missing = false

    @Flag(name: .long, help: "List the nights and holidays between spans of the same kind, too.")
    var closed = false

    @Flag(name: .long, help: "List the missing snapshots of recorded open interest instead of bars.")
    var openInterest = false

    @OptionGroup var series: StoredSeriesOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Question {
        let key: SeriesKey
        let range: TimeRange?
        let now: Timestamp
    }

    func run() async throws {
        if openInterest { return try await tellHoles() }
        let (output, onlyMissing, withClosed) = (output, missing, closed)
        try await market.withStore(.reading, asking: { try question() }) { store, configuration, question in
            let range = try await StoredRange.range(question.range, of: question.key, in: store, now: question.now)
            let answer = try await SeriesCoverage.survey(
                of: question.key, over: range, in: store, calendars: configuration.calendars, now: question.now,
                isFolding: !withClosed, onlyMissing: onlyMissing)
            try output.print(answer)
            Console.say("bhav: \(question.key): \(answer.words)")
            if answer.missingSpans > 0 { throw ExitCode(CommandExit.partial.rawValue) }
        }
    }

    private func tellHoles() async throws {
        let output = output
        let options = series
        try await market.withStore(.reading, asking: { try SymbolName.symbol(symbol) }) { store, settings, symbol in
            let report = HoleReport(
                symbols: [symbol], expiry: nil, from: options.from, to: options.to,
                largestStep: RecordingPlan(symbols: [symbol]).largestStep)
            try await report.print(output, store, settings)
        }
    }

    private func question() throws -> Question {
        let (symbol, now) = (try SymbolName.symbol(symbol), SystemClock.now())
        return Question(key: try series.key(symbol), range: try series.range(of: symbol, now: now), now: now)
    }
}

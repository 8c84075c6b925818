import ArgumentParser
import BhavApp
import MarketData
import MarketHub
import MarketStore

/// `bhav export`: bars of the store.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Bars of one series out of the store, oldest first, without asking any source.",
        discussion: """
            bhav export NSE:NIFTY --interval 5m --format csv -o nifty.csv
            bhav export NIFTY -i 1d --from 2026-01-01 --format ndjson

            json tells the origin of each stretch of bars, ndjson that of each bar. Without --from all that is stored.
            Exit code 2: bars are missing within the range.
            """
    )

    @Argument(help: "EXCHANGE:TICKER, or a name of the symbol book such as NIFTY.")
    var symbol: String

    @OptionGroup var series: StoredSeriesOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Question {
        let key: SeriesKey
        let range: TimeRange?
        let now: Timestamp
    }

    func run() async throws {
        let output = output
        try await market.withStore(.reading, asking: { try question() }) { store, configuration, question in
            let key = question.key
            let range = try await StoredRange.range(question.range, of: key, in: store, now: question.now)
            let stored = try await store.bars(of: key, in: range)
            let survey = try await SeriesSurvey(
                of: key, over: range, in: store, boundaries: configuration.calendars.boundaries(of: key),
                now: question.now)
            // Up to now is all there is, where nobody asked for more.
            let missing = question.range == nil ? ExportCommand.inner(survey.missing, stored) : survey.missing
            let answer = StoredSeries(key: key, stored: stored, missing: missing, now: question.now)
            if output.format(inPipe: .csv) == .ndjson {
                try output.print(answer.withOrigins)
            } else {
                try output.print(answer)
            }
            Console.say("bhav: \(key.symbol) \(answer.words)")
            for gap in missing { Console.say("bhav: missing from \(gap.from) to \(gap.to)") }
            if !missing.isEmpty { throw ExitCode(CommandExit.partial.rawValue) }
        }
    }

    private static func inner(_ missing: [TimeRange], _ stored: StoredBars) -> [TimeRange] {
        guard let last = stored.bars.last?.time else { return missing }
        return missing.filter { $0.from < last }
    }

    private func question() throws -> Question {
        let (symbol, now) = (try SymbolBook.symbol(symbol), Market.now())
        return Question(key: try series.key(symbol), range: try series.range(of: symbol, now: now), now: now)
    }
}

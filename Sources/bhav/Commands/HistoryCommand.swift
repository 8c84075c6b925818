import ArgumentParser
import BhavApp
import MarketData
import MarketHub

/// `bhav history`: past bars.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Past bars of a symbol, oldest first.",
        discussion: """
            bhav history NSE:NIFTY --interval 5m --bars 1000
            bhav history NIFTY -i 1d --from 2026-01-01 --to 2026-03-31 --format csv -o nifty.csv
            """
    )

    @Argument(help: "EXCHANGE:TICKER, or a name of the symbol book such as NIFTY.")
    var symbol: String

    @OptionGroup var series: SeriesOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        try await market.withMarket(asking: {
            try series.request(symbol: SymbolBook.symbol(symbol), now: Market.now())
        }) { market, request in
            let answer = try await Waiting.forAnswer("the bars of \(request.symbol)") {
                try await market.hub.bars(request)
            }
            try output.print(answer)
            if !output.holdsProvenance { Console.say("bhav: \(request.symbol) \(answer.provenance.words)") }
            try HistoryCommand.report(missingFrom: answer)
        }
    }

    private static func report(missingFrom answer: BarSeries) throws {
        guard !answer.isComplete else { return }
        for gap in answer.gaps {
            Console.say("bhav: no bars from \(gap.range.from) to \(gap.range.to): \(gap.reason)")
        }
        if let shortfall = answer.shortfall {
            Console.say("bhav: \(answer.bars.count) bars, fewer than asked: \(shortfall.rawValue)")
        }
        throw ExitCode(CommandExit.partial.rawValue)
    }
}

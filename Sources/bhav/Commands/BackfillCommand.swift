import ArgumentParser
import BhavApp
import MarketData
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

            Only what is missing is asked for, and what came is kept page by page: a run that was interrupted, in
            whatever way, is taken up by running the same again. Each symbol's outcome is said on standard error; exit
            code 2 means that something is still missing.
            """
    )

    @Argument(help: "EXCHANGE:TICKER, or names of the symbol book such as NIFTY.")
    var symbols: [String] = []

    @Option(name: .customLong("symbols"), help: "A file of symbols, one a line, # for comments; - for standard input.")
    var symbolsFile: String?

    @Option(name: .long, help: "Ask for at most this many bars at once; they are kept before the next are asked for.")
    var page = Backfill.Pace().pageSize

    @Option(name: .long, help: "Between two questions, wait this many milliseconds.")
    var pause = 100

    @OptionGroup var series: StoredSeriesOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        try await market.withMarket(asking: { try batch() }) { market, batch in
            try await CommandFailure.namingStore(market.configuration) {
                let store = try market.configuration.openStore(for: .writing)
                try await batch.run(market.backfill(into: store, pace: batch.pace))
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
        let now = Market.now()
        let orders = try SymbolList.symbols(arguments: symbols, file: symbolsFile).map { symbol in
            guard let range = try series.range(of: symbol, now: now) else {
                throw MarketDataError.badRequest("--from is needed: the first bar that the store is to have")
            }
            return BackfillBatch.Order(key: try series.key(symbol), range: range)
        }
        return BackfillBatch(orders: orders, pace: pace)
    }
}

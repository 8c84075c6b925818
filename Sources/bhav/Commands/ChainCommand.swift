import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav chain`: an option chain with prices, implied volatilities and greeks.
struct ChainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chain",
        abstract: "Show an option chain with prices, volatilities and greeks.",
        discussion: """
            Volatilities and greeks are by Black-76 on the forward that calls and puts agree on; the source's own \
            volatility is printed beside them and uses another model. Values that cannot be computed are empty; csv \
            has the reason in callReason and putReason. A table shows the ten strikes on either side of the money \
            unless --strikes says otherwise. With --at, everything is computed from the open interest and the prices that \
            were known at that moment.

            bhav chain NIFTY --rate 0.065
            bhav chain NIFTY --at 10:30
            bhav chain NIFTY --expiry next --format csv -o chain.csv
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolName.argumentHelp))
    var symbol: String

    @OptionGroup var expiry: ExpiryOptions
    @OptionGroup var past: PastMomentOptions

    @Option(name: .long, help: "Interest rate, continuous, 0.07 for 7 % a year (default: 0).")
    var rate: String?

    @OptionGroup var strikes: StrikeOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Input: Sendable {
        let symbol: Symbol
        let at: Timestamp?
        let rate: Double
    }

    func run() async throws {
        let output = output
        try await market.withMarket(usingStore: past.at != nil, reading: { try input() }) {
            [expiry, strikes] market, input in
            let date = try await expiry.date(of: input.symbol, at: input.at, from: market.hub)
            var chain = try await Waiting.forResponse("the option chain of \(input.symbol)") {
                try await market.hub.optionChain(of: input.symbol, expiry: date, at: input.at)
            }
            chain.snapshot = try chain.snapshot.holding(strikes.selection)
            let response = OptionChainResponse(chain, rate: input.rate)
            if output.format(inPipe: .csv) == .table {
                let table = OptionTable(chain.snapshot, response.analysis)
                try output.destination().write(table.text(strikes.shown(of: chain.snapshot)))
            } else {
                try output.print(response, inPipe: .csv)
            }
            if output.format(inPipe: .csv) != .json { ChainCommand.say(response) }
        }
    }

    private func input() throws -> Input {
        let symbol = try SymbolName.symbol(symbol)
        return Input(
            symbol: symbol, at: try past.moment(of: symbol),
            rate: try rate.map { text in try ChainAnalysis.rate(text, named: "--rate") } ?? ChainAnalysis.standardRate)
    }

    private static func say(_ response: OptionChainResponse) {
        let snapshot = response.chain.snapshot
        Console.say("bhav: \(snapshot.symbol) \(snapshot.expiry), in \(snapshot.unit.rawValue)")
        let own = snapshot.provenance.source.volatilityModel ?? "by a model that is not known"
        let lines =
            snapshot.analysisLines + response.analysis.lines + sourceLines(response.chain)
            + ["source IV: \(own)", snapshot.provenance.words]
        for line in lines { Console.say("      \(line)") }
    }

    private static func sourceLines(_ chain: OptionChain) -> [String] {
        let ratios = PutCallRatio.Basis.allCases.compactMap { basis in
            chain.sourceRatios[basis].map { "by \(basis.rawValue) \($0.shortest)" }
        }
        let pain = chain.sourceMaxPain.map { ["max pain \($0)"] } ?? []
        guard !(ratios + pain).isEmpty else { return [] }
        return ["the source's own, over strikes of its choosing: " + (ratios + pain).joined(separator: ", ")]
    }
}

/// `bhav contract`: the session of one future or option.
struct ContractCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contract",
        abstract: "Show price and open interest of one contract today.",
        discussion: """
            Each row is stamped with the end of its interval. Open interest, its change since the interval before and the \
            volume are counted in the unit that standard error names.

            bhav contract NIFTY --strike 26000 --type CE
            bhav contract NIFTY --type future --expiry next
            """
    )

    @Argument(help: "Underlying: EXCHANGE:TICKER, or a name such as NIFTY.")
    var symbol: String

    @OptionGroup var expiry: ExpiryOptions

    @Option(name: .long, help: "Strike price of a call or put, such as 26000.")
    var strike: Strike?

    @Option(name: .long, help: "Type of the contract: call (CE), put (PE) or future (FUT).")
    var type: ContractType

    @Option(name: .long, help: "Length of an interval: 5m or 15m.")
    var interval = Interval.fiveMinutes

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        try await market.withMarket(reading: { try request() }) { [expiry] market, input in
            var request = input
            request.expiry = try await expiry.date(of: request.underlying, from: market.hub)
            let response = try await Waiting.forResponse("the session of a contract on \(request.underlying)") {
                [request] in
                try await market.hub.contractHistory(request)
            }
            try output.print(response)
            if !output.holdsProvenance { ContractCommand.say(response) }
        }
    }

    private func request() throws -> ContractHistoryRequest {
        ContractHistoryRequest(
            underlying: try SymbolName.symbol(symbol), expiry: nil,
            kind: try DerivativeContract.Kind(type.rawValue, strike: strike), interval: interval)
    }

    private static func say(_ response: ContractHistory) {
        Console.say("bhav: \(response.contract) on \(response.tradingDay), in \(response.unit.rawValue)")
        Console.say("      \(response.provenance.words)")
    }
}

/// What `--type` takes: the words, or what Indian exchanges write for them.
enum ContractType: String, CaseIterable, ExpressibleByArgument {
    case call, put, future

    init?(argument: String) {
        switch argument.lowercased() {
        case "call", "calls", "c", "ce": self = .call
        case "put", "puts", "p", "pe": self = .put
        case "future", "futures", "fut", "f": self = .future
        default: return nil
        }
    }
}

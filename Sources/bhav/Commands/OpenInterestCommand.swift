import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav oi`: open interest by strike.
struct OpenInterestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oi",
        abstract: "Show open interest of an underlying's options per strike.",
        discussion: """
            Totals and the put-call ratio cover the strikes that the source sent, which may be a window of the listed \
            ones. A table shows the ten strikes on either side of the money unless --strikes says otherwise. In a pipe \
            the output is JSON.

            bhav oi NIFTY
            bhav oi NIFTY --expiry next --strikes 24000-26000
            bhav oi BANKNIFTY --at 10:30 | jq .totals
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolName.argumentHelp))
    var symbol: String

    @OptionGroup var expiry: ExpiryOptions

    @OptionGroup var past: PastMomentOptions
    @OptionGroup var strikes: StrikeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        try await market.withMarket(usingStore: true, reading: { try request() }) { [expiry, strikes] market, input in
            var request = input
            request.expiry = try await expiry.date(of: request.symbol, at: request.at, from: market.hub)
            let response = try await Waiting.forResponse("the open interest of \(request.symbol)") {
                [request] in try await market.hub.openInterest(request)
            }
            if output.format(inPipe: .json) == .table {
                try output.destination().write(OptionTable(response).text(strikes.shown(of: response)))
            } else {
                try output.print(response, inPipe: .json)
            }
            if output.format(inPipe: .json) != .json { OpenInterestCommand.say(response) }
        }
    }

    private func request() throws -> OpenInterestRequest {
        let symbol = try SymbolName.symbol(symbol)
        return OpenInterestRequest(
            symbol: symbol, expiry: nil,
            at: try past.moment(of: symbol), strikes: strikes.selection)
    }

    private static func say(_ response: OpenInterestSnapshot) {
        Console.say("bhav: \(response.symbol) \(response.expiry), open interest in \(response.unit.rawValue)")
        for line in response.analysisLines + [response.provenance.words] { Console.say("      \(line)") }
    }
}

/// `bhav expiries`: the dates on which options expire.
struct ExpiriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expiries", abstract: "List the option expiries of an underlying, nearest first.",
        discussion: """
            With --at, lists the expiries of that moment, without those that had expired by then. Where no source knows \
            them, the list has the expiries of which the store has open interest of that moment.

            bhav expiries NIFTY
            bhav expiries NIFTY --at 2026-10-15
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolName.argumentHelp))
    var symbol: String

    @OptionGroup var past: PastMomentOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Input: Sendable {
        let symbol: Symbol
        let at: Timestamp?
    }

    func run() async throws {
        let output = output
        try await market.withMarket(usingStore: past.at != nil, reading: { try input() }) { market, input in
            let response = try await market.hub.expiries(of: input.symbol, at: input.at)
            try output.print(response)
            if !output.holdsProvenance { Console.say("bhav: \(input.symbol) \(response.provenance.words)") }
        }
    }

    private func input() throws -> Input {
        let symbol = try SymbolName.symbol(symbol)
        return Input(symbol: symbol, at: try past.moment(of: symbol))
    }
}

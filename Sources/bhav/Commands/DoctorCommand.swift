import ArgumentParser
import BhavApp
import MarketData

/// `bhav doctor`: what works, what does not, and why.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check what works, what does not, and why.",
        discussion: """
            Tries the sources, or where BHAV_URL is set the server that runs there. Exit code 0: all works; 2: some of it; \
            otherwise the code of the first failure.

            bhav doctor
            BHAV_URL=http://127.0.0.1:8000 bhav doctor
            """
    )

    @Option(name: .long, help: "Symbol to try with.")
    var symbol = "NSE:NIFTY"

    @Flag(name: .long, help: "Show the packets exchanged with TradingView, without secrets, on standard error.")
    var trace = false

    @OptionGroup var market: MarketOptions

    func run() async throws {
        if !market.mock, let server = (try? market.configuration())?.runningServer {
            return try await Bhav.reporting { try await ServerDiagnosis(server: server, symbol: symbol).run() }
        }
        let trace = trace
        try await market.withMarket(
            asking: { try SymbolName.symbol(symbol) },
            configure: { if trace { $0.trace { Console.say("   \($0)") } } }
        ) { market, symbol in
            let output = DataOutput()
            for line in market.configuration.summary { try output.write("   \(line)\n") }
            var failures: [String: MarketDataError] = [:]
            var first: MarketDataError?
            var works = 0
            for check in Diagnosis.checks(market, symbol) {
                let outcome = await Diagnosis.outcome(of: check, afterFailing: failures)
                try output.write(outcome.line)
                failures[check.name] = outcome.error
                first = first ?? outcome.error
                if outcome.works { works += 1 }
            }
            guard let first else { return }
            let code = works == 0 ? CommandExit(first.code) : .partial
            throw ExitCode(code.rawValue)
        }
    }
}

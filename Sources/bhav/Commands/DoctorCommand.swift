import ArgumentParser
import BhavApp
import JSON
import MarketData
import MarketFormats
import MarketHub
import TradingView

/// `bhav doctor`: what works, what does not, and why.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the configuration and each source.",
        discussion: """
            Tries the sources, or where BHAV_URL is set the server that runs there. Exit code 0: all checks pass; 2: \
            some fail; otherwise the code of the first failure.

            bhav doctor
            BHAV_URL=http://127.0.0.1:8000 bhav doctor
            """,
        aliases: ["status"]
    )

    @Option(name: .long, help: "Symbol to try with.")
    var symbol = "NSE:NIFTY"

    @Flag(name: .long, help: "Show the packets exchanged with TradingView, without secrets, on standard error.")
    var trace = false

    @OptionGroup var market: MarketOptions

    func run() async throws {
        if let server = try? market.runningServer() {
            return try await Bhav.reporting { try await ServerDiagnosis(server: server, symbol: symbol).run() }
        }
        let trace = trace
        try await market.withMarket(
            reading: { try SymbolName.symbol(symbol) },
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

/// The checks of `bhav doctor` and their outcomes.
enum Diagnosis {
    /// A check that returns a short description of what works.
    struct Check: Sendable {
        let name: String
        /// The check without which this one cannot succeed.
        var after: String?
        /// Whether it runs even so: a paid plan uses another server, which the connection check does not try.
        var runsAnyway = false
        let run: @Sendable () async throws -> String
    }

    /// A line to print, and the error where there was one.
    struct Outcome: Sendable {
        let line: String
        let error: MarketDataError?
        var works = false
    }

    static func checks(_ market: Market, _ symbol: Symbol) -> [Check] {
        let hub = market.hub
        let isSignedIn = market.configuration.tradingView.signIn != .anonymous
        let quotes: [Check] = [
            Check(name: "connection") { try await market.reach() },
            Check(name: "history of \(symbol)", after: "connection", runsAnyway: isSignedIn) {
                let series = try await hub.bars(BarRequest(symbol: symbol, interval: .oneDay, span: .count(5)))
                return "\(series.bars.count) daily bars; \(series.provenance.words)"
            },
            Check(name: "live quote of \(symbol)", after: "connection", runsAnyway: isSignedIn) {
                try await quote(of: symbol, hub)
            },
            Check(name: "search for \(symbol.ticker)") {
                let found = try await hub.matches(SymbolQuery(text: symbol.ticker, limit: 10))
                return "\(found.instruments.count) symbols" + (found.note.map { "; \($0)" } ?? "")
            },
        ]
        return quotes
            + market.openInterestSources.flatMap { name, provider in
                [
                    Check(name: "expiries of \(symbol) at \(name)") {
                        let list = try await provider.expiries(of: symbol)
                        let nearest = list.expiries.first?.description ?? "none"
                        return "\(list.expiries.count), nearest \(nearest); \(list.provenance.words)"
                    },
                    Check(name: "open interest of \(symbol) at \(name)", after: "expiries of \(symbol) at \(name)") {
                        let snapshot = try await provider.openInterest(OpenInterestRequest(symbol: symbol))
                        return "\(snapshot.strikes.count) strikes; \(snapshot.provenance.words)"
                    },
                ]
            }
    }

    private static func quote(of symbol: Symbol, _ hub: MarketHub) async throws -> String {
        for try await event in try await hub.liveQuotes(of: [symbol]) {
            switch event {
            case .quote(let quote): return "last \(quote.last?.shortest ?? "unknown"); \(quote.provenance.words)"
            case .refused(_, let error): throw error
            case .status: continue
            }
        }
        throw MarketDataError(.upstreamUnavailable, "the feed ended without a quote; try again")
    }

    /// Runs a check, or skips it because the check that it needs has failed.
    static func outcome(of check: Check, afterFailing failures: [String: MarketDataError]) async -> Outcome {
        if let needed = check.after, let failure = failures[needed], !check.runsAnyway {
            return Outcome(line: "NO \(check.name): not tried because \(needed) failed\n", error: failure)
        }
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let words = try await check.run()
            let milliseconds = (clock.now - start) / Duration.milliseconds(1)
            return Outcome(line: "ok \(check.name): \(words) (\(Int(milliseconds)) ms)\n", error: nil, works: true)
        } catch {
            let known = error as? MarketDataError ?? MarketDataError(.upstreamUnavailable, "\(error)")
            let message = CommandFailure(known).message.replacing("\n", with: "\n   ")
            // What a source does not offer is not a failure.
            if known.code == .notSupported { return Outcome(line: "-- \(check.name): \(message)\n", error: nil) }
            let isConnected = check.after == "connection" && failures["connection"] == nil
            let stage = isConnected ? known.code.stage.map { "fails at \($0): " } ?? "" : ""
            let advice = known.code.advice(afterConnecting: isConnected).map { "\n   what to do: \($0)" }
            return Outcome(line: "NO \(check.name): \(stage)\(message)\(advice ?? "")\n", error: known)
        }
    }
}

extension MarketDataError.Code {
    /// The stage that a request had reached on an open connection.
    var stage: String? {
        switch self {
        case .signInRefused: "the sign-in"
        case .symbolNotFound: "resolving the symbol"
        case .notEntitled, .upstreamUnavailable, .throttled, .overloaded: "opening the series"
        case .upstreamTimeout, .neverTraded: "waiting for data"
        case .upstreamUnreadable: "reading the data"
        default: nil
        }
    }

    /// What a person can do about it.
    /// - Parameter afterConnecting: Whether the connection is known to work.
    func advice(afterConnecting: Bool) -> String? {
        switch self {
        case .upstreamUnavailable where afterConnecting: "try again; bhav doctor --trace shows what the source sent"
        case .upstreamUnavailable: "check the network, a proxy or firewall, and the *_URL settings"
        case .upstreamTimeout: "try again; if it persists, the source is overloaded or the network drops packets"
        case .upstreamUnreadable: "the source may have changed, or a login page or proxy may be in between"
        case .signInRefused: "copy fresh cookies into TV_SESSION_ID and TV_SESSION_SIGN"
        case .notEntitled: "the plan or the exchange permission at the source does not include this"
        case .throttled: "wait; the source limits the rate of requests"
        case .symbolNotFound: "look it up with bhav search"
        default: nil
        }
    }
}

/// The checks of `bhav doctor` for a running server.
struct ServerDiagnosis {
    let server: RunningServer
    let symbol: String

    private struct Check {
        let name: String
        let run: () async throws -> String
    }

    func run() async throws {
        let output = DataOutput()
        try output.write("   server: \(server.address)\n")
        var (first, works): (MarketDataError?, Int) = (nil, 0)
        for check in checks {
            do {
                try output.write("ok \(check.name): \(try await check.run())\n")
                works += 1
            } catch let error as MarketDataError {
                let message = CommandFailure(error).message.replacing("\n", with: "\n   ")
                try output.write("NO \(check.name): \(message)\n".printableLines)
                first = first ?? error
                // A server that cannot be reached fails every other check for the same reason.
                if works == 0 { break }
            }
        }
        guard let first else { return }
        throw ExitCode((works == 0 ? CommandExit(first.code) : .partial).rawValue)
    }

    private var checks: [Check] {
        [
            Check(name: "connection") {
                let (status, _) = try await server.get("/health/live", within: .seconds(5))
                guard status == 200 else { throw unexpected(status) }
                return "the server is running"
            },
            Check(name: "readiness") {
                let (status, _) = try await server.get("/health/ready", within: .seconds(10))
                guard status == 200 else {
                    throw MarketDataError(
                        .upstreamUnavailable,
                        "no source of prices can be reached; see the sources below")
                }
                return "ready"
            },
            Check(name: "sources") {
                let sources = try ServerSource.sources(response: try await fetch("/v1/status"))
                return sources.map(words).joined(separator: "\n   ")
            },
            Check(name: "bars of \(symbol)") {
                let request = BarRequest(symbol: try SymbolBook.symbol(symbol), interval: .oneDay, span: .count(5))
                let series = try await server.bars(request)
                return "\(series.bars.count) daily bars; \(series.provenance.words)"
            },
            Check(name: "quote of \(symbol)") {
                _ = try await fetch("/v1/quotes", [("symbols", symbol)])
                return "available"
            },
            Check(name: "expiries of \(symbol)") {
                _ = try await fetch("/v1/expiries", [("symbol", symbol)])
                return "listed"
            },
        ]
    }

    private func fetch(_ path: String, _ query: [(name: String, value: String)] = []) async throws -> [UInt8] {
        let (status, body) = try await server.get(path, query, within: .seconds(30))
        guard status == 200 else { throw MarketDataError(response: body) ?? unexpected(status) }
        return body
    }

    private func unexpected(_ status: Int) -> MarketDataError {
        MarketDataError(
            .upstreamUnreadable,
            "unexpected status \(status) from \(server.address); check that BHAV_URL is a bhav server")
    }

    private func words(_ source: ServerSource) -> String {
        let state =
            switch source.state {
            case "connected": "works"
            case "idle": "is idle until the first request"
            case "connecting": "is connecting"
            case "reconnecting": "lost its connection and is reconnecting"
            case "down": "cannot be reached"
            default: source.state
            }
        var words = "\(source.name) \(state)"
        if let reason = source.reason { words += " (\(reason))" }
        if let data = source.lastData { words += ", last data \(data)" }
        if let error = source.lastError { words += "; last error: \(error)" }
        return words
    }
}

extension String {
    /// The text, each line without what a terminal would obey.
    fileprivate var printableLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }.joined(separator: "\n")
    }
}

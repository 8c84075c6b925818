import BhavApp
import MarketData
import MarketHub
import TradingView

/// The questions that `bhav doctor` asks, and what it says of their answers.
enum Diagnosis {
    /// A question, and its answer in a few words.
    struct Check: Sendable {
        let name: String
        /// The check without which this one cannot succeed.
        var after: String?
        /// Whether it is asked even so: a plan at the source has a server of its own, which the probe does not try.
        var isAskedAnyway = false
        let ask: @Sendable () async throws -> String
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
            Check(name: "history of \(symbol)", after: "connection", isAskedAnyway: isSignedIn) {
                let series = try await hub.bars(BarRequest(symbol: symbol, interval: .oneDay, span: .count(5)))
                return "\(series.bars.count) daily bars; \(series.provenance.words)"
            },
            Check(name: "live quote of \(symbol)", after: "connection", isAskedAnyway: isSignedIn) {
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
        throw MarketDataError(.upstreamUnavailable, "the feed ended without a quote")
    }

    /// Asks a question, or does not where what it needs has failed.
    static func outcome(of check: Check, afterFailing failures: [String: MarketDataError]) async -> Outcome {
        if let needed = check.after, let failure = failures[needed], !check.isAskedAnyway {
            return Outcome(line: "NO \(check.name): not tried, for the check of the \(needed) failed\n", error: failure)
        }
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let words = try await check.ask()
            let milliseconds = (clock.now - start) / Duration.milliseconds(1)
            return Outcome(line: "ok \(check.name): \(words) (\(Int(milliseconds)) ms)\n", error: nil, works: true)
        } catch {
            let known = error as? MarketDataError ?? MarketDataError(.upstreamUnavailable, "\(error)")
            let message = CommandFailure(known).message.replacing("\n", with: "\n   ")
            // What a source does not do at all is no fault of it.
            if known.code == .notSupported { return Outcome(line: "-- \(check.name): \(message)\n", error: nil) }
            let isConnected = check.after == "connection" && failures["connection"] == nil
            let stage = isConnected ? known.code.stage.map { "fails at \($0): " } ?? "" : ""
            let advice = known.code.advice(afterConnecting: isConnected).map { "\n   what to do: \($0)" }
            return Outcome(line: "NO \(check.name): \(stage)\(message)\(advice ?? "")\n", error: known)
        }
    }
}

extension MarketDataError.Code {
    /// How far a question over a connection that stands had come.
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
    /// - Parameter afterConnecting: Whether the connection is known to stand.
    func advice(afterConnecting: Bool) -> String? {
        switch self {
        case .upstreamUnavailable where afterConnecting: "try again; bhav doctor --trace shows what was answered"
        case .upstreamUnavailable: "check the network, a proxy or firewall, and the *_URL settings"
        case .upstreamTimeout: "try again; if it stays so the source is overloaded or the network drops packets"
        case .upstreamUnreadable: "the source may have changed, or something stands between (a login page, a proxy)"
        case .signInRefused: "copy fresh cookies into TV_SESSION_ID and TV_SESSION_SIGN"
        case .notEntitled: "the plan or the exchange permission at the source does not include this"
        case .throttled: "wait; the source limits how often it may be asked"
        case .symbolNotFound: "look it up with bhav search"
        default: nil
        }
    }
}

import BhavApp
import MarketData
import MarketHub

/// The questions that `bhav doctor` asks, and what it says of their answers.
enum Diagnosis {
    /// A question, and its answer in a few words.
    struct Check: Sendable {
        let name: String
        let ask: @Sendable () async throws -> String
    }

    /// A line to print, and the error where there was one.
    struct Outcome: Sendable {
        let line: String
        let error: MarketDataError?
    }

    static func checks(_ market: Market, _ symbol: Symbol) -> [Check] {
        let hub = market.hub
        return [
            Check(name: "connection") { try await market.reach() },
            Check(name: "history of \(symbol)") {
                let series = try await hub.bars(BarRequest(symbol: symbol, interval: .oneDay, span: .count(5)))
                return "\(series.bars.count) daily bars; \(series.provenance.words)"
            },
            Check(name: "live quote of \(symbol)") {
                for try await case .quote(let quote) in try await hub.liveQuotes(of: [symbol]) {
                    return "last \(quote.last?.shortest ?? "unknown"); \(quote.provenance.words)"
                }
                throw MarketDataError(.upstreamUnavailable, "the feed ended without a quote")
            },
            Check(name: "search for \(symbol.ticker)") {
                "\(try await hub.search(SymbolQuery(text: symbol.ticker, limit: 10)).count) symbols"
            },
            Check(name: "expiries of \(symbol)") {
                let list = try await hub.expiries(of: symbol)
                return
                    "\(list.expiries.count), nearest \(list.expiries.first?.description ?? "none"); \(list.provenance.words)"
            },
            Check(name: "open interest of \(symbol)") {
                let snapshot = try await hub.openInterest(OpenInterestRequest(symbol: symbol))
                return "\(snapshot.strikes.count) strikes; \(snapshot.provenance.words)"
            },
        ]
    }

    static func outcome(of check: Check) async -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let words = try await check.ask()
            let milliseconds = (clock.now - start) / Duration.milliseconds(1)
            return Outcome(line: "ok \(check.name): \(words) (\(Int(milliseconds)) ms)\n", error: nil)
        } catch {
            let known = error as? MarketDataError ?? MarketDataError(.upstreamUnavailable, "\(error)")
            let advice = known.code.advice.map { "\n   what to do: \($0)" } ?? ""
            return Outcome(line: "NO \(check.name): \(CommandFailure(known).message)\(advice)\n", error: known)
        }
    }
}

extension MarketDataError.Code {
    /// What a person can do about it.
    var advice: String? {
        switch self {
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

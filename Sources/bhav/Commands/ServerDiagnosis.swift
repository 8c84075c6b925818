import ArgumentParser
import BhavApp
import MarketData
import MarketFormats

/// Says in plain words how a running server is doing.
struct ServerDiagnosis {
    let server: RunningServer
    let symbol: String

    private struct Check {
        let name: String
        let ask: () async throws -> String
    }

    func run() async throws {
        let output = DataOutput()
        try output.write("   server: \(server.address)\n")
        var (first, works): (MarketDataError?, Int) = (nil, 0)
        for check in checks {
            do {
                try output.write("ok \(check.name): \(try await check.ask())\n")
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
                        "the server runs, but no source of prices can be reached; see the sources below")
                }
                return "it can answer"
            },
            Check(name: "sources") {
                let sources = try ServerSource.sources(answer: try await answer("/v1/status"))
                return sources.map(words).joined(separator: "\n   ")
            },
            Check(name: "bars of \(symbol)") {
                let request = BarRequest(symbol: try SymbolBook.symbol(symbol), interval: .oneDay, span: .count(5))
                let series = try await HistorySource(server).bars(request)
                return "\(series.bars.count) daily bars; \(series.provenance.words)"
            },
            Check(name: "quote of \(symbol)") {
                _ = try await answer("/v1/quotes", [("symbols", symbol)])
                return "there is one"
            },
            Check(name: "expiries of \(symbol)") {
                _ = try await answer("/v1/expiries", [("symbol", symbol)])
                return "listed"
            },
        ]
    }

    private func answer(_ path: String, _ query: [(name: String, value: String)] = []) async throws -> [UInt8] {
        let (status, body) = try await server.get(path, query, within: .seconds(30))
        guard status == 200 else { throw MarketDataError(answer: body) ?? unexpected(status) }
        return body
    }

    private func unexpected(_ status: Int) -> MarketDataError {
        MarketDataError(.upstreamUnreadable, "\(server.address) answered \(status); is it a bhav server?")
    }

    private func words(_ source: ServerSource) -> String {
        let state =
            switch source.state {
            case "connected": "works"
            case "idle": "is at rest until it is asked"
            case "connecting": "is connecting"
            case "reconnecting": "lost its connection and tries again"
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

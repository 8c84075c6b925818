import ArgumentParser
import MarketData
import MarketHub

/// Follows quotes or bars until enough have come, the time is over, or nothing more can come.
struct LiveWatch: Sendable {
    let hub: MarketHub
    let question: LiveCommand.Question
    let printer: LivePrinter

    /// What the source refused; what ends the watch does not undo it.
    private let refusals = Refusals()

    init(hub: MarketHub, question: LiveCommand.Question, printer: LivePrinter) {
        (self.hub, self.question, self.printer) = (hub, question, printer)
    }

    func run() async throws {
        for unknown in question.unknown {
            LiveWatch.say(unknown.name, await hub.proposing(unknown.error, for: unknown.name))
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await follow()
                return true
            }
            if let duration = question.duration {
                group.addTask {
                    try await Task.sleep(for: duration)
                    return true
                }
            }
            _ = try await group.next()
            group.cancelAll()
        }
        if refusals.count > 0 || !question.unknown.isEmpty { throw ExitCode(CommandExit.partial.rawValue) }
    }

    private func follow() async throws {
        if let interval = question.interval { try await followBars(interval) } else { try await followQuotes() }
    }

    private func followQuotes() async throws {
        var left = question.count
        var hasPrinted = false
        for try await event in try await hub.liveQuotes(of: question.symbols) {
            switch event {
            case .quote(let quote):
                try printer.print(quote)
                hasPrinted = true
                left -= 1
            case .refused(let symbol, let error):
                // What worked and fails for now is tried again; what never worked is an answer.
                if !(hasPrinted && error.isRetryable), refusals.add(error) == question.symbols.count { throw error }
                LiveWatch.say("\(symbol)", error)
            case .status(let status): LiveWatch.say(status)
            }
            if left == 0 { break }
        }
    }

    private func followBars(_ interval: Interval) async throws {
        let left = Countdown(question.count)
        try await withThrowingTaskGroup(of: MarketDataError?.self) { group in
            for symbol in question.symbols {
                group.addTask {
                    do {
                        try await followBars(of: symbol, interval, left: left)
                        return nil
                    } catch let error as MarketDataError {
                        if question.symbols.count > 1 { LiveWatch.say("\(symbol)", error) }
                        return error
                    }
                }
            }
            // The first to have seen enough ends the others; one that is refused leaves them alone.
            while let ended = try await group.next(), let error = ended { refusals.add(error) }
            group.cancelAll()
        }
        if refusals.count == question.symbols.count, let first = refusals.first { throw first }
    }

    private static func say(_ name: String, _ error: MarketDataError) {
        Console.say("bhav: \(name): \(CommandFailure(error).message)".replacing("\n", with: "\n      "))
    }

    private func followBars(of symbol: Symbol, _ interval: Interval, left: Countdown) async throws {
        let request = BarRequest(symbol: symbol, interval: interval, span: .count(2))
        try request.validate()
        var provenance: Provenance?
        for try await event in try await hub.liveBars(request) {
            switch event {
            case .snapshot(let series):
                Console.say("bhav: \(symbol) \(series.provenance.words)")
                provenance = series.provenance
                if let newest = series.bars.last, try printed(newest, symbol, provenance, left: left) { return }
            case .bar(let bar): if try printed(bar, symbol, provenance, left: left) { return }
            case .repaired(_, let bars):
                for bar in bars where try printed(bar, symbol, provenance, left: left) { return }
            case .gap(let range): Console.say("bhav: \(symbol) bars from \(range.from) to \(range.to) may be missing")
            case .status(let status):
                if provenance == nil, let error = status.subscription?.error { throw error }
                LiveWatch.say(status)
            }
        }
    }

    /// Prints a bar; whether that was the last one wanted.
    private func printed(
        _ bar: Bar, _ symbol: Symbol, _ provenance: Provenance?, left: Countdown
    ) throws -> Bool {
        let place = left.take()
        if place >= 0 { try printer.print(bar, of: symbol, provenance) }
        return place <= 0
    }

    /// Says when the source goes and when it comes back; that it comes at first goes without saying.
    private static func say(_ status: SourceStatus) {
        switch status.state {
        case .idle, .connecting: return
        case .connected where status.reconnects == 0: return
        case .connected, .reconnecting, .down: break
        }
        Console.say(
            "bhav: \(status.source.rawValue) \(status.state.rawValue)" + (status.reason.map { ": \($0)" } ?? ""))
    }
}

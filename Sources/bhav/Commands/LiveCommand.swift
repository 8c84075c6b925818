import ArgumentParser
import BhavApp
import MarketData
import MarketHub
import Synchronization

/// `bhav live`: quotes, or bars, as they come.
struct LiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Print quotes, or with --bars bars, as they arrive.",
        discussion: """
            In a pipe the output is ndjson.

            bhav live NSE:NIFTY NSE:BANKNIFTY --count 20
            bhav live NIFTY --bars 1m --for 10m --format ndjson
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolList.argumentHelp))
    var symbols: [String]

    @Option(name: .long, help: "Interval of bars to print instead of quotes.")
    var bars: Interval?

    @Option(name: .long, help: "Number of lines to end after.")
    var count: Int?

    @Option(name: .customLong("for"), help: "Time to end after, such as 30s, 10m, 2h (default: never).")
    var duration: DurationOption?

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    struct Input: Sendable {
        let symbols: [Symbol]
        /// The names without an instrument, with the reason.
        let unknown: [SymbolName.Unknown]
        let interval: Interval?
        let count: Int
        let duration: Duration?
    }

    func run() async throws {
        let output = output
        try await market.withMarket(reading: { try input() }) { market, input in
            let printer = try LivePrinter(output)
            let watch = LiveWatch(hub: market.hub, input: input, printer: printer)
            try await watch.run()
        }
    }

    private func input() throws -> Input {
        if let count, count < 1 { throw MarketDataError.badRequest("--count must be at least 1, got \(count)") }
        let items = try SymbolList.items(arguments: symbols, file: nil)
        var known: [Symbol] = []
        var unknown: [SymbolName.Unknown] = []
        for item in items {
            switch item.meaning {
            case .success(let symbol): known.append(symbol)
            case .failure(let name): unknown.append(name)
            }
        }
        if known.isEmpty, let first = unknown.first { throw first }
        return Input(
            symbols: known, unknown: unknown, interval: bars, count: count ?? .max, duration: duration?.duration)
    }
}

/// Follows quotes or bars until enough have come, the time is over, or nothing more can come.
struct LiveWatch: Sendable {
    let hub: MarketHub
    let input: LiveCommand.Input
    let printer: LivePrinter

    /// What the source refused; what ends the watch does not undo it.
    private let refusals = Refusals()

    init(hub: MarketHub, input: LiveCommand.Input, printer: LivePrinter) {
        (self.hub, self.input, self.printer) = (hub, input, printer)
    }

    func run() async throws {
        for unknown in input.unknown {
            LiveWatch.say(unknown.name, await hub.proposing(unknown.error, for: unknown.name))
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await follow()
                return true
            }
            if let duration = input.duration {
                group.addTask {
                    try await Task.sleep(for: duration)
                    return true
                }
            }
            _ = try await group.next()
            group.cancelAll()
        }
        if refusals.count > 0 || !input.unknown.isEmpty { throw ExitCode(CommandExit.partial.rawValue) }
    }

    private func follow() async throws {
        if let interval = input.interval { try await followBars(interval) } else { try await followQuotes() }
    }

    private func followQuotes() async throws {
        var left = input.count
        var hasPrinted = false
        for try await event in try await hub.liveQuotes(of: input.symbols) {
            switch event {
            case .quote(let quote):
                try printer.print(quote)
                hasPrinted = true
                left -= 1
            case .refused(let symbol, let error):
                // A feed that worked is retried by the hub; one that never worked is a result.
                if !(hasPrinted && error.isRetryable), refusals.add(error) == input.symbols.count { throw error }
                LiveWatch.say("\(symbol)", error)
            case .status(let status): LiveWatch.say(status)
            }
            if left == 0 { break }
        }
    }

    private func followBars(_ interval: Interval) async throws {
        let left = Countdown(input.count)
        try await withThrowingTaskGroup(of: MarketDataError?.self) { group in
            for symbol in input.symbols {
                group.addTask {
                    do {
                        try await followBars(of: symbol, interval, left: left)
                        return nil
                    } catch let error as MarketDataError {
                        if input.symbols.count > 1 { LiveWatch.say("\(symbol)", error) }
                        return error
                    }
                }
            }
            // The first to have seen enough ends the others; one that is refused leaves them alone.
            while let ended = try await group.next(), let error = ended { refusals.add(error) }
            group.cancelAll()
        }
        if refusals.count == input.symbols.count, let first = refusals.first { throw first }
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

/// The refusals so far, shared by the tasks that follow symbols.
final class Refusals: Sendable {
    private let errors = Mutex<[MarketDataError]>([])

    var count: Int { errors.withLock { $0.count } }
    var first: MarketDataError? { errors.withLock { $0.first } }

    /// Adds one; how many there are with it.
    @discardableResult
    func add(_ error: MarketDataError) -> Int {
        errors.withLock { errors in
            errors.append(error)
            return errors.count
        }
    }
}

/// The number of lines left to print, shared by the tasks that print.
final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// Takes one place: how many are left after it, below zero where there was none.
    func take() -> Int {
        left.withLock { left in
            left -= 1
            return left
        }
    }
}

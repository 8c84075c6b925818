import ArgumentParser
import BhavApp
import Foundation
import JSON
import MarketData
import MarketHub
import Synchronization

/// `bhav watch`: quotes, ratio, straddle and the strikes around the money, updating in place.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch quotes and the options around the money in place.",
        discussion: """
            Shows the quotes of the symbols, and of the first one the put-call ratio, max pain, the straddle at the money and \
            the strikes around it. In a pipe each update is printed below the last.

            bhav watch NIFTY INDIAVIX
            bhav watch BANKNIFTY --expiry next --every 3m
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolList.argumentHelp))
    var symbols: [String]

    @OptionGroup var expiry: ExpiryOptions

    @Option(name: .long, help: "Polling interval of the options (default: 1m).")
    var every: DurationOption?

    @Option(name: .long, help: "Number of updates to end after.")
    var count: Int?

    @Option(name: .customLong("for"), help: "Time to end after, such as 30s, 10m, 2h (default: never).")
    var duration: DurationOption?

    @OptionGroup var market: MarketOptions

    func run() async throws {
        let (every, count, duration, expiry) = (every?.duration ?? .seconds(60), count, duration, expiry)
        try await market.withMarket(reading: { try SymbolList.symbols(arguments: symbols, file: nil) }) {
            market, symbols in
            let watch = Watch(hub: market.hub, symbols: symbols, every: every, count: count ?? .max)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await watch.followQuotes() }
                group.addTask { try await watch.followOptions(expiry) }
                group.addTask { try await watch.show() }
                if let duration { group.addTask { try await watch.end(after: duration.duration) } }
                do {
                    while try await group.next() != nil {}
                } catch is WatchEnd {
                    group.cancelAll()
                }
            }
        }
    }
}

/// The requested duration or number of updates is reached.
private struct WatchEnd: Error {}

/// Keeps the screen's content current, and draws it.
private final class Watch: Sendable {
    private let hub: MarketHub
    private let symbols: [Symbol]
    private let every: Duration
    private let count: Int
    private let screen: Mutex<WatchScreen>

    init(hub: MarketHub, symbols: [Symbol], every: Duration, count: Int) {
        self.hub = hub
        self.symbols = symbols
        self.every = every
        self.count = count
        screen = Mutex(WatchScreen(symbols: symbols))
    }

    func followQuotes() async throws {
        for try await event in try await hub.liveQuotes(of: symbols) {
            screen.withLock { screen in
                switch event {
                case .quote(let quote):
                    screen.quotes[quote.symbol] = quote
                    screen.refusals[quote.symbol] = nil
                case .refused(let symbol, let error): screen.refusals[symbol] = "\(error)"
                case .status(let status):
                    screen.status =
                        status.state == .connected ? nil : "\(status.source.rawValue) is \(status.state.rawValue)"
                }
            }
        }
    }

    func followOptions(_ expiry: ExpiryOptions) async throws {
        guard let symbol = symbols.first else { return }
        while true {
            do {
                let date = try await expiry.date(of: symbol, from: hub)
                let chain = try await hub.optionChain(of: symbol, expiry: date)
                screen.withLock { ($0.chain, $0.chainFault) = (chain, nil) }
            } catch let error as MarketDataError {
                screen.withLock { $0.chainFault = "\(error)" }
                // An instrument without options will not get any.
                if !error.isRetryable { return }
            }
            try await Task.sleep(for: every)
        }
    }

    /// Draws once a second: in place on a terminal, else one below the other.
    func show() async throws {
        let output = DataOutput()
        if DataOutput.isTerminal { try output.write("\u{1B}[2J") }
        for drawn in 1... {
            try await Task.sleep(for: .seconds(1))
            let text = screen.withLock { $0.text(width: Console.width) }
            try output.write(DataOutput.isTerminal ? Watch.inPlace(text) : text + "\n")
            if drawn == count { throw WatchEnd() }
        }
    }

    func end(after duration: Duration) async throws {
        try await Task.sleep(for: duration)
        throw WatchEnd()
    }

    /// From the top left corner on, each line wiped to its end, and what is below wiped.
    private static func inPlace(_ text: String) -> String {
        "\u{1B}[H" + text.replacing("\n", with: "\u{1B}[K\n") + "\u{1B}[J"
    }
}

/// What `bhav watch` shows at one moment.
struct WatchScreen: Sendable {
    /// The most strikes on either side of the money.
    private static let around = 5

    let symbols: [Symbol]
    var quotes: [Symbol: Quote] = [:]
    /// Why an instrument has no quote.
    var refusals: [Symbol: String] = [:]
    /// The chain of the first symbol.
    var chain: OptionChain?
    /// Why there is no chain, or no newer one.
    var chainFault: String?
    /// What the sources say of themselves, where something is wrong.
    var status: String?

    init(symbols: [Symbol]) { self.symbols = symbols }

    /// The screen, without what moves the cursor.
    func text(width: Int) -> String {
        var lines = symbols.map(line)
        if let status { lines.append(status) }
        if let chain {
            lines += [""] + summary(chain.snapshot)
            lines.append(OptionTable(chain.snapshot).text(rows(chain.snapshot), width: width, withRemarks: false))
        }
        if let chainFault { lines.append("options: \(chainFault)") }
        let fitting = lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
            .map { String($0).printable.prefix(width) }
        return fitting.joined(separator: "\n") + "\n"
    }

    private func line(_ symbol: Symbol) -> String {
        let name = symbol.description.padded(to: 16)
        guard let quote = quotes[symbol] else { return "\(name)\(refusals[symbol] ?? "waiting for a quote")" }
        let zone = ExchangeZone.zone(of: symbol.exchange)
        let grouping = NumberGrouping(of: zone)
        func signed(_ value: Double?) -> String {
            value.map { ($0 > 0 ? "+" : "") + grouping.text($0.rounded(to: 2)) } ?? "-"
        }
        let last = (quote.last.map(grouping.text) ?? "-").padded(to: 11)
        let change = "\(signed(quote.change)) (\(signed(quote.changePercent)) %)".padded(to: 19)
        let time = quote.lastTime.map { "\(TableTimes(zone: zone).clock($0)) \(TableTimes(zone: zone).label)" } ?? "-"
        return "\(name)\(last)\(change)\(time)  \(quote.provenance.briefWords)"
    }

    private func summary(_ snapshot: OpenInterestSnapshot) -> [String] {
        let zone = ExchangeZone.zone(of: snapshot.symbol.exchange)
        let grouping = NumberGrouping(of: zone)
        var facts = [
            "PCR \(ratio(snapshot, .openInterest))", "by change \(ratio(snapshot, .change))",
        ]
        if let pain = snapshot.computedMaxPain.value { facts.append("max pain \(pain.price.rounded(to: 2))") }
        if let strike = snapshot.atTheMoney, let row = snapshot.strikes.first(where: { $0.strike == strike }),
            let call = row.call?.last, let put = row.put?.last
        {
            facts.append("straddle \(strike) at \(grouping.text((call + put).rounded(to: 2)))")
        }
        let times = TableTimes(zone: zone)
        return [
            "\(snapshot.symbol) \(snapshot.expiry), \(snapshot.unit.rawValue), as of "
                + "\(times.clock(snapshot.provenance.asOf)) \(times.label), \(snapshot.provenance.briefWords)",
            facts.joined(separator: "   "),
        ]
    }

    private func ratio(_ snapshot: OpenInterestSnapshot, _ basis: PutCallRatio.Basis) -> String {
        snapshot.putCallRatio(by: basis).computed.value?.rounded(to: 2) ?? "-"
    }

    private func rows(_ snapshot: OpenInterestSnapshot) -> Range<Int> {
        let all = snapshot.strikes.indices
        let money = snapshot.atTheMoney.flatMap { strike in snapshot.strikes.firstIndex { $0.strike == strike } }
        let center = money ?? all.count / 2
        return max(0, center - WatchScreen.around)..<min(all.count, center + WatchScreen.around + 1)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}

import JSON
import Logging
import MarketData
import NIOCore
import Synchronization
import TestSupport
import WebSocketTransport

/// A client of `/v1/stream` that follows bars of one second and quotes, and keeps the messages it got.
final class StreamViewer: Sendable {
    /// How it reads.
    enum Manner: Sendable {
        case prompt
        /// It waits before each message.
        case slow(Duration)
        /// It takes no message at all.
        case mute
    }

    struct Seen: Sendable {
        /// The final bars in their last version, by symbol.
        var finals: [Symbol: [Timestamp: Bar]] = [:]
        /// Every version of a final bar that was sent.
        var reported: [Symbol: [Bar]] = [:]
        var gaps = 0
        var repaired = 0
        var doubled = 0
        /// Messages whose numbers were left out.
        var skipped = 0
        var connections = 0
        /// Whether a slow viewer reads without pauses now.
        var catchesUp = false
        var messages = 0
        var lastBar: [Symbol: ContinuousClock.Instant] = [:]
        var lastQuote: ContinuousClock.Instant?
        var ends: [String] = []
        /// Up to where bars were compared already.
        var settledThrough: [Symbol: Timestamp] = [:]
    }

    let symbols: [Symbol]
    let manner: Manner
    private let followsQuotes: Bool
    private let state = Mutex(Seen())

    init(_ symbols: [Symbol], quotes: Bool = true, manner: Manner = .prompt) {
        self.symbols = symbols
        followsQuotes = quotes
        self.manner = manner
    }

    var seen: Seen { state.withLock { $0 } }

    /// Whether bars of every symbol, and a quote, came after an instant.
    func hasBars(after instant: ContinuousClock.Instant) -> Bool {
        let seen = seen
        return symbols.allSatisfy { symbol in seen.lastBar[symbol].map { $0 > instant } ?? false }
    }

    /// What a comparison with the market found.
    struct Comparison: Sendable {
        var compared = 0
        /// The final bars whose last version is wrong.
        var wrongTimes: [Timestamp] = []
        /// Versions that were wrong and were revised.
        var wrongAtFirst = 0
        /// The bars that were never sent.
        var lost: [Timestamp] = []
    }

    /// Compares the bars up to an instant with the market's, and drops them.
    ///
    /// A slow viewer has read less than it was sent, so it is compared only once it has caught up.
    func settle(_ symbol: Symbol, through end: Timestamp, truth: [Timestamp: Bar]) -> Comparison {
        state.withLock { seen in
            var found = Comparison()
            let finals = seen.finals[symbol]?.filter { $0.key <= end } ?? [:]
            let reported = seen.reported[symbol]?.filter { $0.time <= end } ?? []
            guard let first = finals.keys.min() else { return found }
            found.compared = finals.count
            found.wrongTimes = finals.filter { truth[$0.key] != $0.value }.map(\.key)
            found.wrongAtFirst = reported.count { truth[$0.time] != $0 } - found.wrongTimes.count
            // A viewer that was disconnected begins with a new snapshot.
            let start = seen.settledThrough[symbol].map { $0.advanced(bySeconds: 1) } ?? first
            if seen.connections == 1 {
                found.lost = truth.keys.filter { $0 >= start && $0 <= end && finals[$0] == nil }
            }
            seen.finals[symbol] = seen.finals[symbol]?.filter { $0.key > end }
            seen.reported[symbol] = seen.reported[symbol]?.filter { $0.time > end }
            seen.settledThrough[symbol] = end
            return found
        }
    }

    /// Whether it reads, and has read everything up to an instant.
    func hasRead(through instant: Timestamp) -> Bool {
        if case .mute = manner { return true }
        let seen = seen
        return symbols.allSatisfy { symbol in seen.finals[symbol]?.keys.contains { $0 >= instant } ?? false }
    }

    /// Makes a slow viewer read as fast as it can from now on.
    func catchUp() { state.withLock { $0.catchesUp = true } }

    /// Connects and reads until cancelled, and connects again where the server ends the connection.
    func run(port: Int) async throws {
        while !Task.isCancelled {
            do {
                try await WebSocketClient.connect(to: "ws://127.0.0.1:\(port)/v1/stream", logger: .quiet) {
                    inbound, outbound in
                    state.withLock { $0.connections += 1 }
                    for (number, symbol) in symbols.enumerated() {
                        let request =
                            #"{"type":"subscribe","id":"\#(number)","channel":"bars","symbol":"\#(symbol)","#
                            + #""interval":"1s","count":20}"#
                        try await outbound.write(text: request)
                    }
                    if followsQuotes {
                        let names = symbols.map { "\"\($0)\"" }.joined(separator: ",")
                        try await outbound.write(
                            text: #"{"type":"subscribe","id":"q","channel":"quotes","symbols":[\#(names)]}"#)
                    }
                    try await read(inbound)
                }
            } catch is CancellationError {
                return
            } catch {
                state.withLock { if $0.ends.count < 100 { $0.ends.append("\(error)") } }
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func read(_ inbound: WebSocketInbound) async throws {
        if case .mute = manner { return try await Task.sleep(for: .seconds(86_400)) }
        var next: [String: Int] = [:]
        for try await message in inbound {
            if case .slow(let pause) = manner, !state.withLock({ $0.catchesUp }) { try await Task.sleep(for: pause) }
            guard let fields = JSONFields(parsing: Array(message.bytes.readableBytesView)) else {
                state.withLock { $0.ends.append("a message is not JSON") }
                continue
            }
            state.withLock { $0.take(fields, symbols: symbols, next: &next) }
        }
    }
}

extension StreamViewer.Seen {
    fileprivate mutating func take(_ message: JSONFields, symbols: [Symbol], next: inout [String: Int]) {
        messages += 1
        guard let id = message.text("id"), let type = message.text("type") else { return }
        if let number = message.value("seq")?.integer {
            skipped += max(0, number - (next[id] ?? 0))
            next[id] = number + 1
        }
        if type == "ended" { ends.append("\(id) ended") }
        if id == "q" {
            if type == "quote" { lastQuote = .now }
            return
        }
        guard let place = Int(id), symbols.indices.contains(place) else { return }
        let symbol = symbols[place]
        let bars = ((try? message.list("bars")) ?? nil ?? []).compactMap(\.bar)
        switch type {
        case "snapshot":
            for bar in bars { keep(bar, of: symbol) }
        case "bar":
            guard let bar = message.value("bar")?.bar else { return }
            if bar.isFinal, finals[symbol]?[bar.time] == bar { doubled += 1 }
            keep(bar, of: symbol)
        case "gap":
            gaps += 1
            return
        case "repaired":
            repaired += bars.count
            for bar in bars { keep(bar, of: symbol) }
        default: return
        }
        lastBar[symbol] = .now
    }

    private mutating func keep(_ bar: Bar, of symbol: Symbol) {
        guard bar.isFinal else { return }
        finals[symbol, default: [:]][bar.time] = bar
        reported[symbol, default: []].append(bar)
    }
}

extension JSONValue {
    /// A bar as the stream writes it.
    fileprivate var bar: Bar? {
        guard let time = self["time"]?.integer, let open = self["open"]?.double, let high = self["high"]?.double,
            let low = self["low"]?.double, let close = self["close"]?.double
        else { return nil }
        return Bar(
            time: Timestamp(seconds: Int64(time)), open: open, high: high, low: low, close: close,
            volume: self["volume"]?.double, isFinal: self["final"] == .bool(true))
    }
}

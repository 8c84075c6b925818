import JSON
import MarketData
import MarketFormats
import MarketHub
import NIOCore
import Synchronization
import WebSocketTransport

/// One connection to the original `/ws`: one list of symbols at a time, and a tick a second.
struct LegacyAPISession: Sendable {
    let hub: MarketHub
    let limits: MarketServerConfiguration.Limits

    /// Serves the client until it leaves, or proves too slow.
    func run(_ inbound: WebSocketInbound, _ outbound: WebSocketOutbound) async throws {
        let sink = SocketSink(outbound: outbound, watch: SlowClientWatch(limit: limits.slowClientTime))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(inbound, sink) }
            group.addTask {
                try await sink.watch.untilTooSlow()
                try await outbound.close(
                    code: .policyViolation, reason: "this client takes its messages too slowly")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func serve(_ inbound: WebSocketInbound, _ sink: SocketSink) async throws {
        var running: Task<Void, Never>?
        defer { running?.cancel() }
        for try await message in inbound {
            do {
                switch try LegacyAPICommand(message.bytes, symbolLimit: limits.symbols) {
                case .ping: try await sink.send(StreamMessage.pong)
                case .subscribe(let names):
                    running?.cancel()
                    await running?.value
                    try await sink.send(LegacyAPISession.subscribed(names))
                    // A task of its own, because the next list ends it while the connection goes on.
                    running = Task { await follow(names, sink) }
                }
            } catch let error as MarketDataError {
                try await sink.send(StreamMessage.error(error))
            }
        }
    }

    private func follow(_ names: [String], _ sink: SocketSink) async {
        do {
            var symbols: [Symbol: String] = [:]
            for name in names {
                do {
                    symbols[try LegacyAPIName.symbol(name)] = name
                } catch {
                    try await sink.send(LegacyAPISession.refused(name, error))
                }
            }
            guard !symbols.isEmpty else { return }
            try await tick(symbols, sink)
        } catch let error as MarketDataError {
            try? await sink.send(StreamMessage.error(error))
        } catch {
            // The client has left or follows something else now.
        }
    }

    private func tick(_ names: [Symbol: String], _ sink: SocketSink) async throws {
        let board = TickBoard(LegacyAPITicks(names: names))
        let feed = try await hub.liveQuotes(of: names.keys.sorted())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for try await event in feed {
                    switch event {
                    case .quote(let quote): board.ticks.withLock { $0.received(quote) }
                    case .refused(let symbol, let error):
                        try await sink.send(LegacyAPISession.refused(names[symbol] ?? symbol.description, error))
                    case .status: break
                    }
                }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: limits.legacyTickInterval)
                    for tick in board.ticks.withLock({ $0.take() }) {
                        try await sink.send(LegacyAPISession.tick(tick.name, tick.quote))
                    }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

private final class TickBoard: Sendable {
    let ticks: Mutex<LegacyAPITicks>

    init(_ ticks: LegacyAPITicks) { self.ticks = Mutex(ticks) }
}

/// What a client of the original `/ws` may say.
enum LegacyAPICommand: Hashable {
    /// Follow these instruments, as the client names them, and no others.
    case subscribe([String])
    case ping

    /// Reads a message.
    /// - Throws: `MarketDataError` with code `badRequest`, naming what was wrong.
    init(_ message: ByteBuffer, symbolLimit: Int) throws(MarketDataError) {
        let fields = JSONValue(parsing: Array(message.readableBytesView))
        let list = fields?["symbols"].flatMap { $0.isNull ? nil : $0 }
        let symbols = list?.array?.compactMap(\.string) ?? []
        guard let type = fields?["type"]?.string, symbols.count == list?.array?.count ?? (list == nil ? 0 : -1) else {
            throw .badRequest("the message is not of the form {\"type\":\"subscribe\",\"symbols\":[\"NIFTY\"]}")
        }
        switch type {
        case "ping": self = .ping
        case "subscribe":
            guard symbols.count <= symbolLimit else {
                throw .init(.tooLarge, "'symbols' names \(symbols.count); one connection may follow \(symbolLimit)")
            }
            self = .subscribe(symbols)
        default: throw .badRequest("unknown type '\(type)'; it may be subscribe or ping")
        }
    }
}

/// The newest quotes of the symbols that a client of `/ws` follows; each is sent once.
struct LegacyAPITicks {
    /// The names by which the client knows an instrument.
    private let names: [Symbol: String]
    private var waiting: [Symbol: Quote] = [:]

    init(names: [Symbol: String]) { self.names = names }

    /// Takes a newer quote; one without a last price is no tick.
    mutating func received(_ quote: Quote) {
        if quote.last != nil { waiting[quote.symbol] = quote }
    }

    /// The ticks to be sent now, each under the client's own name for the instrument, in the order of symbols.
    mutating func take() -> [(name: String, quote: Quote)] {
        defer { waiting = [:] }
        return waiting.sorted { $0.key < $1.key }.map { (names[$0.key] ?? $0.key.description, $0.value) }
    }
}

extension LegacyAPISession {
    /// That the client now follows these.
    static func subscribed(_ names: [String]) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "subscribed")
        json.beginArray("symbols")
        for name in names { json.string(name) }
        json.endArray()
        json.endObject()
        return json.buffer
    }

    /// The error of one symbol; the original protocol had no such message.
    static func refused(_ name: String, _ error: MarketDataError) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "error")
        json.field("symbol", name)
        json.key("error")
        error.writeFields(to: &json)
        json.endObject()
        return json.buffer
    }

    /// The newest values of one symbol.
    static func tick(_ name: String, _ quote: Quote) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "live_tick")
        json.field("symbol", name)
        json.field("ltp", quote.last)
        json.field("change", quote.change)
        json.field("change_percent", quote.changePercent)
        json.field("volume", quote.volume)
        json.field("timestamp", (quote.lastTime ?? quote.provenance.asOf).description)
        quote.provenance.writeLegacyFields(to: &json)
        json.endObject()
        return json.buffer
    }
}

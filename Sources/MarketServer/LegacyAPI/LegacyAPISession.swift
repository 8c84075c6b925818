import JSON
import MarketData
import MarketFormats
import MarketHub
import NIOCore
import WebSocketTransport

/// One connection to the legacy `/ws`: one list of symbols at a time, and a tick a second.
struct LegacyAPISession: Sendable {
    let streams: LiveStreams

    /// The one subscription of a connection has no name.
    private static let subscriptionID = ""

    /// Serves the client until it leaves, or proves too slow.
    func run(_ inbound: WebSocketInbound, _ outbound: WebSocketOutbound, channel: any Channel) async throws {
        try await ConnectedViewer.with(outbound, channel: channel, streams.broadcasters) { connected in
            for try await message in inbound {
                let command = Result { () throws(MarketDataError) in
                    try LegacyAPICommand(message.bytes, symbolLimit: streams.limits.symbols)
                }
                try await connected.run { viewer, broadcaster, fanout in
                    do throws(MarketDataError) {
                        switch try command.get() {
                        case .ping: fanout.send(message: StreamMessage.pong, to: viewer)
                        case .subscribe(let names): follow(names, viewer, broadcaster, fanout)
                        }
                    } catch {
                        fanout.send(message: StreamMessage.error(error), to: viewer)
                    }
                }
            }
        }
    }

    /// Replaces the list of symbols.
    private func follow(_ names: [String], _ viewer: Viewer, _ broadcaster: Broadcaster, _ fanout: Fanout) {
        if let former = viewer.subscriptions.removeValue(forKey: LegacyAPISession.subscriptionID) {
            fanout.stop(former)
        }
        fanout.send(message: LegacyAPISession.subscribed(names), to: viewer)
        var symbols: [Symbol: String] = [:]
        for name in names {
            do {
                symbols[try LegacyAPIName.symbol(name)] = name
            } catch {
                fanout.send(message: LegacyAPISession.refused(name, error), to: viewer)
            }
        }
        if !symbols.isEmpty { streams.subscribe(viewer, toTicksOf: symbols, broadcaster, fanout) }
    }
}

/// What a client of the legacy `/ws` may say.
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

extension LegacyAPISession {
    /// That the client now follows these.
    static func subscribed(_ names: [String]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "subscribed")
        json.beginArray("symbols")
        for name in names { json.string(name) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// The error of one symbol; the original protocol had no such message.
    static func refused(_ name: String, _ error: MarketDataError) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "error")
        json.field("symbol", name)
        json.key("error")
        error.writeFields(to: &json)
        json.endObject()
        return json.bytes
    }

    /// The newest values of one symbol.
    static func tick(_ name: String, _ quote: Quote) -> [UInt8] {
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
        return json.bytes
    }
}

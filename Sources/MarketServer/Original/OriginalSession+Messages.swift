import JSON
import MarketData
import MarketFormats
import NIOCore

extension OriginalSession {
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

    /// That there is nothing of one of them, and why; the original had no word for it.
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

    /// The newest figures of one of them.
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
        quote.provenance.writeOriginalFields(to: &json)
        json.endObject()
        return json.buffer
    }
}

import MarketData
import MarketFormats
import NIOCore

extension OriginalSession {
    /// That the client now follows these.
    static func subscribed(_ names: [String]) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.key("type")
        json.string("subscribed")
        json.key("symbols")
        json.beginArray()
        for name in names { json.string(name) }
        json.endArray()
        json.endObject()
        return json.buffer
    }

    /// That there is nothing of one of them, and why; the original had no word for it.
    static func refused(_ name: String, _ error: MarketDataError) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.key("type")
        json.string("error")
        json.key("symbol")
        json.string(name)
        json.key("error")
        error.writeFields(to: &json)
        json.endObject()
        return json.buffer
    }

    /// The newest figures of one of them.
    static func tick(_ name: String, _ quote: Quote) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.key("type")
        json.string("live_tick")
        json.key("symbol")
        json.string(name)
        json.key("ltp")
        json.number(quote.last)
        json.key("change")
        json.number(quote.change)
        json.key("change_percent")
        json.number(quote.changePercent)
        json.key("volume")
        json.number(quote.volume)
        json.key("timestamp")
        json.string((quote.lastTime ?? quote.provenance.asOf).description)
        quote.provenance.writeOriginalFields(to: &json)
        json.endObject()
        return json.buffer
    }
}

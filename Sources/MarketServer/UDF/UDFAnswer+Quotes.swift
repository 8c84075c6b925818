import MarketData
import MarketFormats

extension UDFAnswer {
    /// Quotes, and why some are missing.
    static func quotes(_ answer: QuoteList) -> JSONWriter {
        var json = JSONWriter()
        json.beginObject()
        json.key("s")
        json.string("ok")
        json.key("d")
        json.beginArray()
        for quote in answer.quotes { write(quote, to: &json) }
        for refusal in answer.errors {
            json.beginObject()
            json.key("s")
            json.string("error")
            json.key("n")
            json.string(refusal.name)
            json.key("errmsg")
            json.string(refusal.error.message)
            json.key("v")
            json.beginObject()
            json.endObject()
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json
    }

    private static func write(_ quote: Quote, to json: inout JSONWriter) {
        json.beginObject()
        json.key("s")
        json.string("ok")
        json.key("n")
        json.string(quote.symbol.description)
        json.key("v")
        json.beginObject()
        json.key("short_name")
        json.string(quote.symbol.ticker)
        json.key("exchange")
        json.string(quote.symbol.exchange)
        let figures: [(StaticString, Double?)] = [
            ("lp", quote.last), ("ch", quote.change), ("chp", quote.changePercent), ("bid", quote.bid),
            ("ask", quote.ask), ("open_price", quote.open), ("high_price", quote.high), ("low_price", quote.low),
            ("prev_close_price", quote.previousClose), ("volume", quote.volume),
        ]
        for (key, figure) in figures {
            json.key(key)
            json.number(figure)
        }
        json.endObject()
        json.endObject()
    }
}

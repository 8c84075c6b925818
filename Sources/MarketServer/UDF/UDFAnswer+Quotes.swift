import JSON
import MarketData
import MarketFormats

extension UDFAnswer {
    /// Quotes, and why some are missing.
    static func quotes(_ answer: QuoteList, describe: (Symbol) -> String) -> JSONWriter {
        var json = JSONWriter()
        json.beginObject()
        json.field("s", "ok")
        json.beginArray("d")
        for quote in answer.quotes { write(quote, describe(quote.symbol), to: &json) }
        for refusal in answer.errors {
            json.beginObject()
            json.field("s", "error")
            json.field("n", refusal.name)
            json.field("errmsg", refusal.error.message)
            json.beginObject("v")
            json.endObject()
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json
    }

    private static func write(_ quote: Quote, _ description: String, to json: inout JSONWriter) {
        json.beginObject()
        json.field("s", "ok")
        json.field("n", quote.symbol.description)
        json.beginObject("v")
        json.field("short_name", quote.symbol.ticker)
        json.field("exchange", quote.symbol.exchange)
        json.field("original_name", quote.symbol.description)
        json.field("description", description)
        let figures: [(StaticString, Double?)] = [
            ("lp", quote.last), ("ch", quote.change), ("chp", quote.changePercent), ("bid", quote.bid),
            ("ask", quote.ask), ("open_price", quote.open), ("high_price", quote.high), ("low_price", quote.low),
            ("prev_close_price", quote.previousClose), ("volume", quote.volume),
        ]
        for (key, figure) in figures {
            json.field(key, figure)
        }
        write(quote.provenance, to: &json)
        json.endObject()
        json.endObject()
    }
}

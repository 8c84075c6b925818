import Foundation
import Hummingbird
import JSON
import MarketData
import MarketFormats
import MarketHub

/// Answers in the spelling of the UDF protocol.
enum UDFAnswer {
    private static let resolutions = [
        "1S", "5S", "15S", "30S", "1", "3", "5", "15", "30", "45", "60", "120", "180", "240", "1D", "1W", "1M",
    ]

    /// The scale of prices where no source tells the instrument's own: two decimals.
    private static let usualPriceScale = 100

    /// What the feed can do.
    static var configuration: Response {
        var json = JSONWriter()
        json.beginObject()
        json.key("supported_resolutions")
        write(resolutions, to: &json)
        json.field("supports_search", true)
        json.field("supports_group_request", false)
        json.field("supports_marks", false)
        json.field("supports_timescale_marks", false)
        json.field("supports_time", true)
        json.endObject()
        return Response(json: json)
    }

    /// Why there is no answer.
    static func failure(_ error: MarketDataError) -> Response {
        var json = JSONWriter()
        json.beginObject()
        json.field("s", "error")
        json.field("errmsg", error.message)
        json.endObject()
        return Response(json: json)
    }

    /// Bars, each figure in a list of its own.
    static func history(_ page: UDFHistory.Page) -> JSONWriter {
        let bars = page.bars
        var json = JSONWriter(capacity: 128 + bars.count * 60)
        json.beginObject()
        json.field("s", bars.isEmpty ? "no_data" : "ok")
        if !bars.isEmpty {
            json.beginArray("t")
            for bar in bars { json.integer(bar.time.seconds) }
            json.endArray()
            let figures: [(StaticString, (Bar) -> Double?)] = [
                ("o", { $0.open }), ("h", { $0.high }), ("l", { $0.low }), ("c", { $0.close }), ("v", { $0.volume }),
            ]
            for (key, figure) in figures where key.description != "v" || bars.contains(where: { $0.volume != nil }) {
                json.beginArray(key)
                for bar in bars { json.number(figure(bar)) }
                json.endArray()
            }
        } else if let earlier = page.earlier {
            json.field("nextTime", earlier.seconds)
        }
        json.endObject()
        return json
    }

    /// What is known of an instrument.
    static func symbol(_ instrument: Instrument) -> JSONWriter {
        let symbol = instrument.symbol
        let zone = instrument.timeZone ?? ExchangeZone.zone(of: symbol.exchange)?.identifier ?? "Etc/UTC"
        var json = JSONWriter()
        json.beginObject()
        json.field("name", symbol.ticker)
        json.field("ticker", symbol.description)
        json.field("full_name", symbol.description)
        json.field("description", instrument.description ?? symbol.ticker)
        json.field("type", instrument.type ?? "")
        json.field("exchange", symbol.exchange)
        json.field("listed_exchange", symbol.exchange)
        json.field("timezone", zone)
        json.field("session", instrument.session ?? "24x7")
        json.field("currency_code", instrument.currency)
        json.field("minmov", instrument.minimumMove.flatMap { $0 > 0 ? $0 : nil } ?? 1)
        json.field("pricescale", instrument.priceScale.flatMap { $0 > 0 ? $0 : nil } ?? usualPriceScale)
        json.field("has_intraday", true)
        json.field("has_seconds", true)
        json.field("has_daily", true)
        json.field("has_weekly_and_monthly", true)
        json.field("visible_plots_set", instrument.hasVolume == false ? "ohlc" : "ohlcv")
        json.key("supported_resolutions")
        write(resolutions, to: &json)
        json.field("format", "price")
        json.endObject()
        return json
    }

    /// Instruments that were found.
    static func found(_ instruments: [Instrument]) -> JSONWriter {
        var json = JSONWriter()
        json.beginArray()
        for instrument in instruments {
            json.beginObject()
            json.field("symbol", instrument.symbol.ticker)
            json.field("full_name", instrument.symbol.description)
            json.field("ticker", instrument.symbol.description)
            json.field("description", instrument.description ?? "")
            json.field("exchange", instrument.symbol.exchange)
            json.field("type", instrument.type ?? "")
            json.endObject()
        }
        json.endArray()
        return json
    }

    private static func write(_ texts: [String], to json: inout JSONWriter) {
        json.beginArray()
        for text in texts { json.string(text) }
        json.endArray()
    }
}

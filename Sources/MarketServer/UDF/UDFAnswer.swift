import Foundation
import Hummingbird
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
        json.key("supports_search")
        json.bool(true)
        json.key("supports_group_request")
        json.bool(false)
        json.key("supports_marks")
        json.bool(false)
        json.key("supports_timescale_marks")
        json.bool(false)
        json.key("supports_time")
        json.bool(true)
        json.endObject()
        return Response(json: json)
    }

    /// Why there is no answer.
    static func failure(_ error: MarketDataError) -> Response {
        var json = JSONWriter()
        json.beginObject()
        json.key("s")
        json.string("error")
        json.key("errmsg")
        json.string(error.message)
        json.endObject()
        return Response(json: json)
    }

    /// Bars, each figure in a list of its own.
    static func history(_ page: UDFHistory.Page) -> JSONWriter {
        let bars = page.bars
        var json = JSONWriter(capacity: 128 + bars.count * 60)
        json.beginObject()
        json.key("s")
        json.string(bars.isEmpty ? "no_data" : "ok")
        if !bars.isEmpty {
            json.key("t")
            json.beginArray()
            for bar in bars { json.integer(bar.time.seconds) }
            json.endArray()
            let figures: [(StaticString, (Bar) -> Double?)] = [
                ("o", { $0.open }), ("h", { $0.high }), ("l", { $0.low }), ("c", { $0.close }), ("v", { $0.volume }),
            ]
            for (key, figure) in figures where key.description != "v" || bars.contains(where: { $0.volume != nil }) {
                json.key(key)
                json.beginArray()
                for bar in bars { json.number(figure(bar)) }
                json.endArray()
            }
        } else if let earlier = page.earlier {
            json.key("nextTime")
            json.integer(earlier.seconds)
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
        json.key("name")
        json.string(symbol.ticker)
        json.key("ticker")
        json.string(symbol.description)
        json.key("full_name")
        json.string(symbol.description)
        json.key("description")
        json.string(instrument.description ?? symbol.ticker)
        json.key("type")
        json.string(instrument.type ?? "")
        json.key("exchange")
        json.string(symbol.exchange)
        json.key("listed_exchange")
        json.string(symbol.exchange)
        json.key("timezone")
        json.string(zone)
        json.key("session")
        json.string(instrument.session ?? "24x7")
        json.key("currency_code")
        json.string(instrument.currency)
        json.key("minmov")
        json.integer(instrument.minimumMove.flatMap { $0 > 0 ? $0 : nil } ?? 1)
        json.key("pricescale")
        json.integer(instrument.priceScale.flatMap { $0 > 0 ? $0 : nil } ?? usualPriceScale)
        json.key("has_intraday")
        json.bool(true)
        json.key("has_seconds")
        json.bool(true)
        json.key("has_daily")
        json.bool(true)
        json.key("has_weekly_and_monthly")
        json.bool(true)
        json.key("visible_plots_set")
        json.string(instrument.hasVolume == false ? "ohlc" : "ohlcv")
        json.key("supported_resolutions")
        write(resolutions, to: &json)
        json.key("format")
        json.string("price")
        json.endObject()
        return json
    }

    /// Instruments that were found.
    static func found(_ instruments: [Instrument]) -> JSONWriter {
        var json = JSONWriter()
        json.beginArray()
        for instrument in instruments {
            json.beginObject()
            json.key("symbol")
            json.string(instrument.symbol.ticker)
            json.key("full_name")
            json.string(instrument.symbol.description)
            json.key("ticker")
            json.string(instrument.symbol.description)
            json.key("description")
            json.string(instrument.description ?? "")
            json.key("exchange")
            json.string(instrument.symbol.exchange)
            json.key("type")
            json.string(instrument.type ?? "")
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

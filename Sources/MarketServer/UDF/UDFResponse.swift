import Foundation
import HTTPTypes
import Hummingbird
import JSON
import MarketData
import MarketFormats
import MarketHub

/// Responses in the spelling of the UDF protocol.
enum UDFResponse {
    private static let secondsMultipliers = ["1", "5", "15", "30"]
    private static let intradayMultipliers = ["1", "3", "5", "15", "30", "45", "60", "120", "180", "240"]
    private static let resolutions = secondsMultipliers.map { $0 + "S" } + slowResolutions
    private static let slowResolutions = intradayMultipliers + ["1D", "1W", "1M"]
    private static let exchanges = [
        ("", "All exchanges", ""), ("NSE", "NSE", "National Stock Exchange of India"),
        ("BSE", "BSE", "BSE, formerly Bombay Stock Exchange"), ("MCX", "MCX", "Multi Commodity Exchange of India"),
        ("NASDAQ", "NASDAQ", "Nasdaq"), ("NYSE", "NYSE", "New York Stock Exchange"), ("BINANCE", "Binance", "Binance"),
    ]

    /// The price scale if no source reports the instrument's own: two decimals.
    private static let usualPriceScale = 100

    /// What the feed can do.
    static var configuration: Response {
        var json = JSONWriter()
        json.beginObject()
        json.key("supported_resolutions")
        write(resolutions, to: &json)
        json.field("supports_search", true)
        json.field("supports_group_request", false)
        json.field("supports_marks", true)
        json.field("supports_timescale_marks", true)
        json.field("supports_time", true)
        json.beginArray("exchanges")
        for (value, name, description) in exchanges {
            json.beginObject()
            json.field("value", value)
            json.field("name", name)
            json.field("desc", description)
            json.endObject()
        }
        json.endArray()
        json.beginArray("symbols_types")
        for (name, value) in [("All types", "")] + SymbolKind.allCases.map({ ($0.rawValue.capitalized, $0.rawValue) }) {
            json.beginObject()
            json.field("name", name)
            json.field("value", value)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return Response(json: json)
    }

    /// The error of a failed request.
    static func failure(_ error: MarketDataError, status: HTTPResponse.Status? = nil) -> Response {
        var json = JSONWriter()
        json.beginObject()
        json.field("s", "error")
        json.field("errmsg", error.message)
        json.field("code", error.code.rawValue)
        json.endObject()
        // The library reads the body and not the status.
        return Response(json: json, status: status ?? .ok)
    }

    /// Bars, each field in its own list.
    static func history(_ page: UDFHistory.Page) -> JSONWriter {
        let bars = page.bars
        var json = JSONWriter(capacity: 256 + bars.count * 60)
        json.beginObject()
        json.field("s", bars.isEmpty ? "no_data" : "ok")
        if !bars.isEmpty {
            json.beginArray("t")
            for stamped in bars { json.integer(stamped.time.seconds) }
            json.endArray()
            let values: [(StaticString, (Bar) -> Double?)] = [
                ("o", { $0.open }), ("h", { $0.high }), ("l", { $0.low }), ("c", { $0.close }), ("v", { $0.volume }),
            ]
            for (key, value) in values
            where key.description != "v" || bars.contains(where: { $0.bar.volume != nil }) {
                json.beginArray(key)
                for stamped in bars { json.number(value(stamped.bar)) }
                json.endArray()
            }
        } else if let earlier = page.earlier {
            json.field("nextTime", earlier.seconds)
        }
        if let series = page.series { write(series.provenance, to: &json) }
        json.endObject()
        return json
    }

    /// Events on bars: columns of equal length.
    static func marks(_ marks: [UDFMark]) -> JSONWriter {
        var json = JSONWriter()
        json.beginObject()
        let columns: [(StaticString, (UDFMark) -> String)] = [
            ("id", \.id), ("color", \.color), ("text", \.text), ("label", \.label),
            ("labelFontColor", { _ in "white" }),
        ]
        for (key, column) in columns {
            json.beginArray(key)
            for mark in marks { json.string(column(mark)) }
            json.endArray()
        }
        json.beginArray("time")
        for mark in marks { json.integer(mark.time.seconds) }
        json.endArray()
        json.beginArray("minSize")
        for _ in marks { json.integer(14) }
        json.endArray()
        json.endObject()
        return json
    }

    /// Events on the axis of time.
    static func timescaleMarks(_ marks: [UDFMark]) -> JSONWriter {
        var json = JSONWriter()
        json.beginArray()
        for mark in marks {
            json.beginObject()
            json.field("id", mark.id)
            json.field("color", mark.color)
            json.field("label", mark.label)
            json.field("time", mark.time.seconds)
            json.beginArray("tooltip")
            json.string(mark.text)
            json.endArray()
            json.endObject()
        }
        json.endArray()
        return json
    }

    /// Where numbers come from, in keys that the library does not read.
    static func write(_ provenance: Provenance, to json: inout JSONWriter) {
        json.field("source", provenance.source.rawValue)
        if let via = provenance.source.via { json.field("via", via) }
        json.field("feed", provenance.feed)
        json.field("mode", provenance.mode.rawValue)
        json.field("delaySeconds", provenance.delaySeconds)
        json.field("asOf", provenance.asOf.description)
    }

    /// The fields of an instrument.
    /// - Parameter hasSeconds: Whether bars of seconds may be requested.
    static func symbol(
        _ instrument: Instrument, hasSeconds: Bool, provenance: Provenance, today: Timestamp
    ) -> JSONWriter {
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
        json.key("intraday_multipliers")
        write(intradayMultipliers, to: &json)
        json.field("has_seconds", hasSeconds)
        if hasSeconds {
            json.key("seconds_multipliers")
            write(secondsMultipliers, to: &json)
        }
        json.field("has_daily", true)
        json.field("has_weekly_and_monthly", true)
        json.field("visible_plots_set", instrument.hasVolume == false ? "ohlc" : "ohlcv")
        json.key("supported_resolutions")
        write(hasSeconds ? resolutions : slowResolutions, to: &json)
        json.field("format", "price")
        json.field("data_status", provenance.mode.chartStatus)
        json.field("delay", provenance.mode == .endOfDay ? -1 : provenance.delaySeconds ?? 0)
        // What trades every day has no holidays.
        if ["NSE", "BSE"].contains(symbol.exchange), instrument.session != "24x7" {
            let year: Int64 = 366 * 86_400
            let closed = IndianClosures.days(
                from: today.advanced(bySeconds: -2 * year), to: today.advanced(bySeconds: year))
            json.field("session_holidays", closed.map { $0.description.filter { $0 != "-" } }.joined(separator: ","))
            let special = IndianClosures.specialSessions(
                from: today.advanced(bySeconds: -2 * year), to: today.advanced(bySeconds: year), symbol.segment)
            if !special.isEmpty { json.field("corrections", special.joined(separator: ";")) }
        }
        write(provenance, to: &json)
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

extension Provenance.Mode {
    /// The protocol's term for how fresh the data of a symbol are.
    fileprivate var chartStatus: String {
        switch self {
        // Stored bars are continued by what the source sends.
        case .streaming, .simulated, .recorded: "streaming"
        case .delayed: "delayed_streaming"
        case .endOfDay: "endofday"
        }
    }
}

extension UDFResponse {
    /// Quotes, and why some are missing.
    static func quotes(_ response: QuoteList, describe: (Symbol) -> String) -> JSONWriter {
        var json = JSONWriter()
        json.beginObject()
        json.field("s", "ok")
        json.beginArray("d")
        for quote in response.quotes { write(quote, describe(quote.symbol), to: &json) }
        for refusal in response.errors {
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
        let values: [(StaticString, Double?)] = [
            ("lp", quote.last), ("ch", quote.change), ("chp", quote.changePercent), ("bid", quote.bid),
            ("ask", quote.ask), ("open_price", quote.open), ("high_price", quote.high), ("low_price", quote.low),
            ("prev_close_price", quote.previousClose), ("volume", quote.volume),
        ]
        for (key, value) in values {
            json.field(key, value)
        }
        write(quote.provenance, to: &json)
        json.endObject()
        json.endObject()
    }
}

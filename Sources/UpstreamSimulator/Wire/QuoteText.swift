import MarketData

/// How `qsd` is written.
enum QuoteText {
    static func packet(_ session: String, _ name: String, _ fields: [QuoteFields.Field]) -> WirePacket {
        let values = JSONText.object(fields.map { ($0.name, $0.value) })
        return WirePacket("qsd", [.string(session), .object([("n", .string(name)), ("s", "ok"), ("v", values)])])
    }

    /// What only some accounts may see; the delayed twin is free.
    static func denial(_ session: String, _ name: String, alternative: String) -> WirePacket {
        let body: JSONText = .object([
            ("n", .string(name)), ("s", "permission_denied"), ("v", .object([("alternative", .string(alternative))])),
        ])
        return WirePacket("qsd", [.string(session), body])
    }

    static func refusal(_ session: String, _ name: String) -> WirePacket {
        let body: JSONText = .object([
            ("n", .string(name)), ("s", "error"), ("errmsg", "no_such_symbol"), ("v", .object([])),
        ])
        return WirePacket("qsd", [.string(session), body])
    }
}

/// The fields of `qsd`, in TradingView's names.
enum QuoteFields {
    /// One field.
    struct Field: Equatable, Sendable {
        let name: String
        let value: JSONText
    }

    /// Volume that upstream does not know.
    static let unknownVolume = 1e100

    /// The constant fields of an instrument.
    static func reference(_ instrument: SimulatedInstrument, updateMode: String) -> [Field] {
        [
            Field("short_name", .string(instrument.symbol.ticker)), Field("pro_name", .string("\(instrument.symbol)")),
            Field("original_name", .string("\(instrument.feed)")),
            Field("description", .string(instrument.description)),
            Field("local_description", .string(instrument.description)), Field("language", "en"),
            Field("exchange", .string(instrument.exchangeName)),
            Field("listed_exchange", .string(instrument.symbol.exchange)),
            Field("country_code", .string(instrument.country)), Field("type", .string(instrument.type)),
            Field("typespecs", instrument.typeSpecs), Field("update_mode", .string(updateMode)),
            Field("pricescale", .int(instrument.priceScale)), Field("minmov", .int(instrument.minimumMove)),
            Field("minmove2", 0), Field("fractional", false), Field("variable_tick_size", ""),
            Field("measure", "price"), Field("is_tradable", .bool(instrument.isTradable)),
            Field("currency_code", .string(instrument.currency)), Field("currency_id", .string(instrument.currency)),
            Field("timezone", .string(instrument.timeZone)), Field("provider_id", "bhav-simulator"),
            Field("visible-plots-set", .string(instrument.hasVolume ? "ohlcv" : "ohlc")),
            Field("trade_loaded", true), Field("rt_loaded", true), Field("fundamental_data", false),
        ]
    }

    /// What moves. Values that the market does not know are left out.
    static func values(_ quote: Quote, hasUnknownFields: Bool) -> [Field] {
        var fields = [
            Field("lp", quote.last), Field("bid", quote.bid), Field("ask", quote.ask), Field("ch", quote.change),
            Field("chp", quote.changePercent), Field("open_price", quote.open), Field("high_price", quote.high),
            Field("low_price", quote.low), Field("prev_close_price", quote.previousClose),
            Field("volume", hasUnknownFields ? unknownVolume : quote.volume),
        ].compactMap { $0 }
        if let time = quote.lastTime { fields.append(Field("lp_time", .int(time.seconds))) }
        if let session = quote.session { fields.append(Field("current_session", .string(session))) }
        if hasUnknownFields { fields.append(Field("rtc", .null)) }
        return fields
    }
}

extension QuoteFields.Field {
    init(_ name: String, _ value: JSONText) {
        self.name = name
        self.value = value
    }

    fileprivate init?(_ name: String, _ value: Double?) {
        guard let value else { return nil }
        self.init(name, .float(value))
    }
}

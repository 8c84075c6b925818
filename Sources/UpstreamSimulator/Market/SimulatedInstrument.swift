import MarketData

/// An instrument as the simulated TradingView knows it.
struct SimulatedInstrument: Equatable, Sendable {
    /// The full name, such as `NASDAQ:AAPL`.
    let symbol: Symbol
    /// The instrument that really responds, such as `BATS:AAPL`: an exchange whose prices cost extra is replaced.
    let feed: Symbol
    /// Whose values of the mock market it has.
    let backing: Symbol
    /// The fault that its ticker requests.
    let fault: Fault?
    let description: String
    /// The exchange as it is shown to people, such as `Cboe One`.
    let exchangeName: String
    let type: String
    let currency: String
    let country: String
    let timeZone: String
    /// Regular hours as TradingView writes them: `0915-1530`, `24x7`.
    let session: String
    let holidays: [CalendarDate]
    let hasVolume: Bool
    /// The free feed of the same pair; empty where there is none.
    var alternatives: [String] = []
    /// How late this feed is beside the others, in seconds.
    var delaySeconds: Int64 = 0
    /// In which terms the client wants the prices.
    var terms = RequestedTerms()

    /// Prices are whole multiples of one over this.
    var priceScale: Int64 { 100 }
    var minimumMove: Int64 { country == "IN" ? 5 : 1 }
    /// The suffix of the exchange of a delayed twin: `BSE_DLY:SENSEX`.
    static let delayedSuffix = "_DLY"

    /// The twin that anybody may see.
    var delayedTwin: String {
        let twin = fault == nil ? symbol : backing
        return "\(twin.exchange)\(SimulatedInstrument.delayedSuffix):\(twin.ticker)"
    }

    var isTradable: Bool { type != "index" }
    var typeSpecs: JSONText { type == "index" ? ["main"] : type == "stock" ? ["common"] : [] }
}

extension SimulatedInstrument {
    /// What `symbol_resolved` shows, in the members and the spelling of upstream.
    var resolvedInfo: JSONText {
        .object(identity + prices + hours)
    }

    private var identity: [(String, JSONText)] {
        [
            ("name", .string(symbol.ticker)), ("full_name", .string("\(feed)")), ("pro_name", .string("\(symbol)")),
            ("base_name", .list([.string("\(symbol)")])), ("legs", .list([.string("\(feed)")])),
            ("description", .string(description)), ("short_description", .string(description)),
            ("local_description", .string(description)), ("language", "en"), ("exchange", .string(exchangeName)),
            ("listed_exchange", .string(symbol.exchange)), ("exchange_listed_name", .string(symbol.exchange)),
            ("source_id", .string(symbol.exchange)), ("provider_id", "bhav-simulator"), ("country", .string(country)),
            ("type", .string(type)), ("typespecs", typeSpecs), ("currency_code", .string(terms.currency ?? currency)),
            ("currency_id", .string(terms.currency ?? currency)), ("original_currency_code", .string(currency)),
            ("aliases", []), ("alternatives", .list(alternatives.map { .string($0) })),
        ]
    }

    private var prices: [(String, JSONText)] {
        [
            ("pricescale", .int(priceScale)), ("minmov", .int(minimumMove)), ("minmove2", 0), ("fractional", false),
            ("pointvalue", .float(1)), ("measure", "price"), ("variable_tick_size", ""), ("pro_perm", ""),
            ("visible_plots_set", .string(hasVolume ? "ohlcv" : "ohlc")), ("bar_source", "trade"),
            ("bar_transform", "none"), ("bar_fillgaps", false), ("has_intraday", true),
            ("is_tradable", .bool(isTradable)),
            ("is_replayable", true), ("has_adjustment", .bool(type == "stock")),
            ("allowed_adjustment", .string(type == "stock" ? "any" : "none")), ("has_extended_hours", false),
            ("has_backadjustment", .bool(type == "futures")), ("is-tickbars-available", false),
        ]
    }

    private var hours: [(String, JSONText)] {
        let days = holidays.map { $0.description.filter { $0 != "-" } }.joined(separator: ",")
        let regular: JSONText = .object([
            ("description", "Regular Trading Hours"), ("id", "regular"), ("private", false),
            ("session", .string(session)), ("session-display", .string(session)),
        ])
        return [
            ("timezone", .string(timeZone)), ("session", .string(session)), ("session_display", .string(session)),
            ("session_holidays", .string(days)), ("subsession_id", "regular"), ("subsessions", .list([regular])),
        ]
    }
}

/// The adjustments that a client requests: the options beside the symbol in `resolve_symbol`.
struct RequestedTerms: Hashable, Sendable {
    var adjustment = Adjustment.splits
    var backAdjusted = false
    /// `nil` for the instrument's own.
    var currency: String?
}

public import JSON
public import MarketData

/// What `symbol_resolved` says of an instrument: an open dictionary, of which every field may be missing.
public struct ResolvedSymbol: Hashable, Sendable {
    /// All fields, by their names on the wire.
    public var fields: [String: JSONValue]

    /// A symbol from its fields.
    public init(fields: [String: JSONValue]) { self.fields = fields }

    /// A field, where it is text; printable.
    public func text(_ field: String) -> String? { fields[field]?.string?.printable }
}

extension ResolvedSymbol {
    /// The ticker alone, such as `AAPL`.
    public var name: String? { text("name") }
    /// The feed that is used, such as `BATS:AAPL`; differs from what was requested where the server substitutes one.
    public var fullName: String? { text("full_name") }
    /// The instrument that was requested, such as `NASDAQ:AAPL`.
    public var proName: String? { text("pro_name") }
    /// The feed before conversion, where the server says it.
    public var originalName: String? { text("original_name") }
    /// In plain words.
    public var summary: String? { text("description") }
    /// The exchange for display, such as `Cboe One`.
    public var exchange: String? { text("exchange") }
    /// The exchange where it is listed.
    public var listedExchange: String? { text("listed_exchange") }
    /// `index`, `stock`, `futures`, …
    public var type: String? { text("type") }
    /// ISO 4217.
    public var currencyCode: String? { text("currency_code") ?? text("currency_id") }
    /// ISO 3166.
    public var country: String? { text("country") }
    /// An IANA name.
    public var timeZone: String? { text("timezone") }
    /// The hours requested, such as `0930-1600`, `24x7`, `1800-1700`.
    public var session: String? { text("session") }
    /// Which of the subsessions was resolved, such as `regular`.
    public var subsessionID: String? { text("subsession_id") }
    /// The days without trading, `YYYYMMDD,…`.
    public var sessionHolidays: String? { text("session_holidays") }
    /// The parts of the day.
    public var subsessions: [Subsession] { fields["subsessions"]?.array?.compactMap(Subsession.init) ?? [] }
    /// Whether it has bars shorter than a day.
    public var hasIntraday: Bool? { fields["has_intraday"]?.bool }
    /// `ohlcv`, or `ohlc` for what never has volume.
    public var visiblePlotsSet: String? { text("visible_plots_set") ?? text("visible-plots-set") }
    /// Whether it ever has volume; `nil` where the server does not say.
    public var hasVolume: Bool? { visiblePlotsSet.map { $0.contains("v") } }
    /// How fresh its data are; `nil` where the server does not say.
    public var updateMode: UpdateMode? { text("update_mode").map(UpdateMode.init) }
    /// Prices are whole multiples of `minMove / priceScale`.
    public var priceScale: Double? { fields["pricescale"]?.double }
    /// See `priceScale`.
    public var minMove: Double? { fields["minmov"]?.double }
    /// Delayed twins and others.
    public var alternatives: [String] { fields["alternatives"]?.array?.compactMap(\.string) ?? [] }
}

extension ResolvedSymbol {
    /// The instrument as Bhav's type, under the requested symbol.
    public func instrument(_ symbol: Symbol) -> Instrument {
        Instrument(
            symbol: symbol,
            description: summary,
            type: type,
            currency: currencyCode,
            country: country,
            timeZone: timeZone,
            session: session,
            hasVolume: hasVolume,
            priceScale: priceScale.flatMap(Int.init(exactly:)),
            minimumMove: minMove.flatMap(Int.init(exactly:))
        )
    }
}

/// A part of the exchange's day, such as `regular`, `premarket` or `extended`.
public struct Subsession: Hashable, Sendable {
    /// Its name.
    public let id: String
    /// The hours, such as `0400-0930`.
    public let session: String
    /// Days with other hours, such as `0930-1300:20261127;dayoff:20250109`.
    public let correction: String?

    init?(_ value: JSONValue) {
        guard let id = value["id"]?.string, let session = value["session"]?.string else { return nil }
        self.id = id
        self.session = session
        correction = value["session-correction"]?.string
    }
}

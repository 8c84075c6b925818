import Foundation

/// What a source knows of an instrument, beyond its symbol.
public struct Instrument: Hashable, Sendable {
    /// The instrument.
    public var symbol: Symbol
    /// In plain text.
    public var description: String?
    /// The field's word for its kind: `index`, `stock`, `futures`, `option`, `forex`, `crypto`, `bond`, `fund`, ...
    public var type: String?
    /// The currency of its prices, ISO 4217.
    public var currency: String?
    /// The country of its exchange, ISO 3166.
    public var country: String?
    /// The zone of its exchange, an IANA name.
    public var timeZone: String?
    /// Its regular hours as TradingView writes them, such as `0915-1530`.
    public var session: String?
    /// Whether it ever has volume; `nil` if the source does not say.
    public var hasVolume: Bool?
    /// Prices are whole multiples of `minimumMove / priceScale`: 100 for two decimals; `nil` if unknown.
    public var priceScale: Int?
    /// See `priceScale`.
    public var minimumMove: Int?

    /// An instrument; its details may be completed later.
    public init(
        symbol: Symbol,
        description: String? = nil,
        type: String? = nil,
        currency: String? = nil,
        country: String? = nil,
        timeZone: String? = nil,
        session: String? = nil,
        hasVolume: Bool? = nil,
        priceScale: Int? = nil,
        minimumMove: Int? = nil
    ) {
        self.symbol = symbol
        self.description = description
        self.type = type
        self.currency = currency
        self.country = country
        self.timeZone = timeZone
        self.session = session
        self.hasVolume = hasVolume
        self.priceScale = priceScale
        self.minimumMove = minimumMove
    }
}

extension Instrument {
    /// The trading day of a daily bar by its opening instant; `nil` if the zone is not known.
    ///
    /// A session that opens in the evening and closes on the next day (`1800-1700`) belongs to the day of its close, as
    /// exchanges count it: a day is not midnight to midnight. Where the hours are not known, a midnight of UTC is a date
    /// that was kept as one (`PeriodStamps`).
    public func tradingDay(ofBarOpeningAt time: Timestamp) -> CalendarDate? {
        guard let zone = timeZone.flatMap(TimeZone.init(identifier:)) else { return nil }
        if session == nil, time.milliseconds % 86_400_000 == 0 { return CalendarDate.split(seconds: time.seconds).date }
        let instant = Date(timeIntervalSince1970: Double(time.seconds))
        let local = CalendarDate.split(seconds: time.seconds + Int64(zone.secondsFromGMT(for: instant)))
        guard let session, let schedule = try? SessionSchedule(sessions: session, zone: zone.identifier),
            schedule.opensTheEveningBefore, local.secondOfDay >= 12 * 3600
        else { return local.date }
        // Friday evening's and the weekend's own evenings open Monday's session, where there is none on Saturday or Sunday.
        var day = local.date.advanced(byDays: 1)
        for _ in 0..<7 where !schedule.isTradingDay(day) { day = day.advanced(byDays: 1) }
        return day
    }
}

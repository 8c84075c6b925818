public import MarketData

/// A mock market: the same seed gives the same data on every machine and at any time.
///
/// Every value is marked `simulated`. Prices come from one path a symbol, with a knot every five seconds and straight
/// lines between them; bars of every interval are aggregates of that path, and quotes and option chains read it, so
/// that all of them agree. Nothing depends on when it is requested: what has happened stays.
public struct MockMarket: Sendable {
    /// When the mock market trades. The two are different markets.
    public enum Hours: String, CaseIterable, Sendable {
        /// Day and night, every day; a day ends at midnight in India.
        case always
        /// The hours of each instrument's exchange, with the holidays of NSE for what trades in India.
        case exchange
    }

    /// The first day of history.
    public static let historyBegins = CalendarDate(daysSinceEpoch: 14_610)  // 2010-01-01

    /// What all values come from.
    public let seed: UInt64
    /// When it trades.
    public let hours: Hours
    /// Its trading days and sessions, for what trades in India.
    public let calendar: TradingCalendar

    let clock: @Sendable () -> Timestamp
    let schedule: UpdateSchedule
    let universe: Universe
    let paths: PricePaths
    let actions = CorporateActions()
    let rates: CurrencyRates

    /// A market.
    /// - Parameters:
    ///   - seed: What all values come from.
    ///   - hours: When it trades.
    ///   - schedule: How often live feeds publish.
    ///   - clock: The present time; nothing after it is reported.
    public init(
        seed: UInt64 = 1,
        hours: Hours = .always,
        schedule: UpdateSchedule = UpdateSchedule(),
        clock: @escaping @Sendable () -> Timestamp = SystemClock.now
    ) {
        self.seed = seed
        self.hours = hours
        self.clock = clock
        self.schedule = schedule
        calendar = hours == .always ? .continuous() : .nse
        universe = .standard
        rates = CurrencyRates(seed: seed)
        paths = PricePaths(seed: seed, hours: hours)
    }

    /// Every symbol of the market.
    public var symbols: [Symbol] { universe.listings.map(\.symbol) }

    /// The provenance of a value of this market, as of a moment.
    public func provenance(asOf time: Timestamp) -> Provenance {
        Provenance(source: .mock, feed: "mock seed \(seed)", mode: .simulated, delaySeconds: 0, asOf: time)
    }

    /// The instrument of a symbol.
    /// - Throws: `MarketDataError`, `symbolNotFound` with suggestions.
    public func instrument(_ symbol: Symbol) throws(MarketDataError) -> Instrument {
        let listing = try universe.listing(symbol)
        var instrument = listing.instrument
        if hours == .exchange, let abroad = ExchangeHours.of(symbol.exchange) {
            (instrument.timeZone, instrument.session) = (abroad.timeZone, abroad.session)
            return instrument
        }
        let today = calendar.date(at: clock())
        instrument.session = calendar.hours(on: today, segment: listing.segment).tradingViewText
        return instrument
    }

    /// The days and hours of an instrument.
    func calendar(of listing: Listing) -> TradingCalendar {
        hours == .exchange ? ExchangeHours.of(listing.symbol.exchange)?.calendar ?? calendar : calendar
    }

    func checkHistory(_ time: Timestamp) throws(MarketDataError) {
        guard calendar.date(at: time) >= MockMarket.historyBegins else {
            throw MarketDataError(
                .noDataForTime, "the mock market begins on \(MockMarket.historyBegins); \(time) is before it",
                source: .mock
            )
        }
    }
}

/// How often live feeds publish, and how they wait.
public struct UpdateSchedule: Sendable {
    /// The time between two ticks.
    public let interval: Duration
    let sleep: @Sendable (Duration) async throws -> Void

    /// A schedule; by default once a second on the machine's clock.
    ///
    /// `sleep` throws when the waiting is cancelled.
    public init(
        every interval: Duration = .seconds(1),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.interval = interval
        self.sleep = sleep
    }
}

extension MockMarket: DataProvider, ReusableBarHistory, ReusableOpenInterest, PastExpiryProvider {
    /// The requested bars, up to now. Others get their turn between parts of a long response.
    /// - Throws: `MarketDataError`: `badRequest`, `symbolNotFound`, `tooLarge`; `CancellationError`.
    public func bars(_ request: BarRequest) async throws -> BarSeries { try await reusableBars(request).value }

    /// The same, valid for a second: the mock market reports past bars as of the last whole second.
    package func reusableBars(_ request: BarRequest) async throws -> Reusable<BarSeries> {
        let validity = Validity(clock: clock)
        let moment = validity.moment
        let (listing, spans, planned) = try plan(request, at: moment)
        var series = planned
        series.bars.reserveCapacity(spans.count)
        for start in stride(from: 0, to: spans.count, by: 500) {
            try Task.checkCancellation()
            let part = Array(spans[start..<min(start + 500, spans.count)])
            series.bars += try bars(of: listing, for: request, over: part, at: moment)
            await Task.yield()
        }
        series.rolls = try rolls(of: series, at: moment)
        return Reusable(series, validity: validity)
    }

    /// The expiries listed now.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `notSupported` for what has no options.
    public func expiries(of symbol: Symbol) async throws -> ExpiryList {
        try expiries(of: symbol, at: clock())
    }

    /// Open interest at any moment from 2010 to now.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `notSupported`, `expiryNotListed`, `noDataForTime`.
    public func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        try await reusableOpenInterest(request).value
    }

    /// The same; the present one is valid for a second.
    package func reusableOpenInterest(
        _ request: OpenInterestRequest
    ) async throws -> Reusable<OpenInterestSnapshot> {
        let validity = Validity(clock: clock)
        let now = clock()
        let moment = request.at ?? validity.moment
        guard moment <= now else {
            throw MarketDataError.inFuture(moment, now: now, source: .mock)
        }
        return Reusable(
            try openInterest(of: request.symbol, expiry: request.expiry, at: moment),
            validity: request.at == nil ? validity : nil)
    }

    /// Every snapshot of a range, one each three minutes of trading, up to now.
    /// - Throws: `MarketDataError`: as `openInterest`, and `tooLarge` above 10,000 snapshots.
    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        try openInterestHistory(of: symbol, expiry: expiry, within: range, at: clock())
    }
}
